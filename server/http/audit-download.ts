import type { Request } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Actor } from '../access/actor.ts'
import { networkOf } from '../access/client-address.ts'
import { auditActorOf, originOf } from '../access/request-origin.ts'
import { type Detail, writeEvents } from '../audit/events.ts'
import { type SubjectType, subjectOf } from '../audit/subjects.ts'
import type { Services } from '../services.ts'
import { Visits } from '../use-cases/sharing/visits.ts'

/** As long as a link lives: whoever reads a file in parts is told of once. */
const SAME_DOWNLOAD_SECONDS = 15 * 60
const told = new RateLimiterMemory({ points: 1, duration: SAME_DOWNLOAD_SECONDS })

/** Of files by shared links. */
const visits = new Visits()

interface Taken {
  type: SubjectType
  row: { id: string; teamId: string }
  detail: Detail
}

/** Tells the audit log who takes a file away, before its first byte goes out; by a shared link once in half an hour. */
export async function auditDownload(
  { database }: Pick<Services, 'database'>,
  request: Request<never> | Request<Record<string, string>>,
  actor: Actor | null,
  { type, row, detail }: Taken,
): Promise<void> {
  if (request.method === 'HEAD') return
  const { shareLinkId } = detail
  const network = networkOf(originOf(request).address)
  // Whoever has a link could fill the log with it.
  if (shareLinkId && !visits.begin(`${shareLinkId} ${row.id} ${network}`)) return
  await writeEvents(database, [
    {
      actor: auditActorOf(actor),
      origin: originOf(request),
      action: 'download.file',
      teamId: row.teamId,
      subject: subjectOf(type, row),
      detail,
    },
  ])
}

/** As auditDownload; of one holder's parts of one file from the middle, only where nothing was told of it lately. */
export async function auditPart(
  services: Pick<Services, 'database'>,
  request: Request<Record<string, string>>,
  actor: Actor | null,
  taken: Taken & { start: number },
): Promise<void> {
  if (request.method === 'HEAD') return
  const { id, key } = auditActorOf(actor)
  const holder = key?.id ?? id ?? `${taken.detail.shareLinkId} ${originOf(request).address}`
  const isNew = await told.consume(`${taken.row.id} ${holder}`).then(
    () => true,
    () => false,
  )
  if (isNew || taken.start === 0) await auditDownload(services, request, actor, taken)
}
