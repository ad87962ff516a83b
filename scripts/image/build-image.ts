import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { makeBaseImage } from './base-image.ts'
import { copyFromContext, copyFromStage } from './copy-files.ts'
import { enterRoot, type Place } from './enter-root.ts'
import {
  type Instruction,
  readCommand,
  readDockerfile,
  readVariables,
  type Stage,
} from './read-dockerfile.ts'
import { runOrThrow, succeeded } from './run-or-throw.ts'

export interface Image {
  root: string
  place: Place
  command: string[]
  healthCheck: string[]
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const HOMES: Record<string, string> = { root: '/root' }

/**
 * Carries out a Dockerfile in folders: each stage in a root of its own, begun as a copy of its base.
 * @returns what its last stage is
 */
export async function buildImage(
  context: string,
  folder: string,
  args: Record<string, string>,
): Promise<Image> {
  const stages = readDockerfile(readFileSync(path.join(context, 'Dockerfile'), 'utf8'), args)
  mkdirSync(folder, { recursive: true })
  const built = new Map<string, string>()
  let image: Image | undefined
  for (const stage of stages) {
    image = await buildStage(stage, { context, folder, built })
    built.set(stage.name, image.root)
  }
  if (!image) throw new Error('The Dockerfile has no stage.')
  return image
}

interface Surroundings {
  context: string
  folder: string
  built: ReadonlyMap<string, string>
}

async function buildStage(stage: Stage, { context, folder, built }: Surroundings): Promise<Image> {
  const base = path.join(folder, `base-${stage.image.replace(/\W+/g, '-')}`)
  await makeBaseImage(stage.image, base)
  const root = path.join(folder, `stage-${stage.name}`)
  rmSync(root, { recursive: true, force: true })
  await runOrThrow('cp', ['-a', '--reflink=auto', base, root])
  const place: Place = { env: { PATH }, folder: '/', user: 'root' }
  const image: Image = { root, place, command: [], healthCheck: [] }
  for (const instruction of stage.instructions) {
    console.log(`→ ${stage.name}: ${instruction.keyword} ${instruction.text}`)
    await carryOut(instruction, image, { context, folder, built })
  }
  return image
}

async function carryOut({ keyword, text }: Instruction, image: Image, { context, built }: Surroundings) {
  const { root, place } = image
  if (keyword === 'ENV') Object.assign(place.env, readVariables(text))
  else if (keyword === 'USER') place.user = text.trim()
  else if (keyword === 'CMD') image.command = readCommand(text)
  else if (keyword === 'HEALTHCHECK') image.healthCheck = readCommand(text)
  else if (keyword === 'WORKDIR') {
    place.folder = path.resolve(place.folder, text.trim())
    mkdirSync(path.join(root, place.folder), { recursive: true })
  } else if (keyword === 'COPY') {
    const [, from] = /--from=(\S+)/.exec(text) ?? []
    const stage = from && built.get(from)
    if (from && !stage) throw new Error(`Dockerfile: there is no stage ${from} before this one.`)
    if (stage) await copyFromStage(stage, root, text)
    else copyFromContext(context, root, place.folder, text)
  } else await succeeded(inImage(image, ['sh', '-c', text], { reachesRegistries: true }), text)
}

/** Starts a command as the image's user, where and with what the image says. */
export function inImage(
  { root, place }: Image,
  command: string[],
  options: Parameters<typeof enterRoot>[3] & { env?: Record<string, string> } = {},
) {
  const { env, ...how } = options
  const home = HOMES[place.user] ?? `/home/${place.user}`
  if (!existsSync(path.join(root, home))) throw new Error(`The image has no user ${place.user}.`)
  return enterRoot(root, { ...place, env: { HOME: home, ...place.env, ...env } }, command, how)
}
