import type { Database } from '../../../prisma/client.ts'
import type { Services } from '../../services.ts'
import { checkSharePassword } from './check-share-password.ts'
import { countVisit } from './count-visit.ts'
import { type FoundLink, findShared } from './find-shared.ts'
import { readSharedExperiment, type SharedExperiment } from './read-shared-experiment.ts'
import { readSharedModel, type SharedModel } from './read-shared-model.ts'
import { readSharedRun, type SharedRun } from './read-shared-run.ts'

export type SharedContent =
  | { kind: 'run'; run: SharedRun }
  | { kind: 'experiment'; experiment: SharedExperiment }
  | { kind: 'model'; model: SharedModel }

/** Source of the schema's SharedPage. */
export interface SharedPage {
  link: FoundLink
  token: string
  /** Null while a password is asked for. */
  content: SharedContent | null
}

/** However many look at a page, its content is read once in so long. Whether the link is open is asked every time. */
const KEPT_MS = { run: 2_000, experiment: 5_000, model: 60_000 }
const MOST_KEPT = 200
const kept = new WeakMap<Database, Map<string, { until: number; content: Promise<SharedContent> }>>()

/** What a link shows; null where it is unknown or over. @throws AppError for a wrong password, and for too many */
export async function readShared(
  services: Services,
  { token, password, address }: { token: string; password: string | null; address: string },
): Promise<SharedPage | null> {
  const { database } = services
  const link = await findShared(database, token)
  if (!link) return null
  if (link.passwordHash !== null) {
    if (password === null) return { link, token, content: null }
    await checkSharePassword(link, password, address)
  }
  await countVisit(database, link.id, address)
  return { link, token, content: await readContent(services, link) }
}

export function readContent(services: Services, link: FoundLink): Promise<SharedContent> {
  const ofDatabase = kept.get(services.database) ?? new Map()
  kept.set(services.database, ofDatabase)
  const known = ofDatabase.get(link.id)
  if (known && known.until > Date.now()) return known.content
  const [oldest] = ofDatabase.keys()
  if (ofDatabase.size >= MOST_KEPT && oldest !== undefined) ofDatabase.delete(oldest)
  const content = read(services, link)
  const kind = link.run ? 'run' : link.experiment ? 'experiment' : 'model'
  ofDatabase.delete(link.id)
  ofDatabase.set(link.id, { until: Date.now() + KEPT_MS[kind], content })
  content.catch(() => ofDatabase.delete(link.id))
  return content
}

async function read(
  services: Services,
  { run, experiment, model, ensemble }: FoundLink,
): Promise<SharedContent> {
  const { database } = services
  if (run) return { kind: 'run', run: await readSharedRun(database, run) }
  if (experiment) return { kind: 'experiment', experiment: await readSharedExperiment(database, experiment) }
  const trained = model ?? ensemble
  if (!trained) throw new Error('a shared link shows nothing')
  return { kind: 'model', model: await readSharedModel(services, trained, trained.run) }
}
