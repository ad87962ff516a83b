import type { Request } from 'express'
import type { Actor } from '../access/actor.ts'
import { auditActorOf, originOf } from '../access/request-origin.ts'
import { type Detail, writeEvents } from '../audit/events.ts'
import { type SubjectType, subjectOf } from '../audit/subjects.ts'
import type { Services } from '../services.ts'

/** Tells the audit log who takes a file away, before its first byte goes out. Parts of a file begin with its first. */
export async function auditDownload(
  { database }: Pick<Services, 'database'>,
  request: Request<never> | Request<Record<string, string>>,
  actor: Actor | null,
  { type, row, detail }: { type: SubjectType; row: { id: string; teamId: string }; detail: Detail },
): Promise<void> {
  if (request.method === 'HEAD') return
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
