import type { IncomingHttpHeaders } from 'node:http'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { ApiKey, Database } from '../../prisma/client.ts'
import { NOBODY, writeEvents } from '../audit/events.ts'
import { subjectOf } from '../audit/subjects.ts'
import type { ActingKey } from './actor.ts'
import { auditActorOf, originOf } from './request-origin.ts'

const EVERY_SECONDS = 60
/** A script that goes on with a key that has ended would fill the log. */
const told = new RateLimiterMemory({ points: 1, duration: EVERY_SECONDS })

/** A key speaks for the first time: its maker sees from where. */
export async function auditFirstUse(
  database: Database,
  key: ApiKey,
  actor: ActingKey,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const who = { actor: auditActorOf(actor), origin: originOf({ headers }), teamId: key.teamId }
  await writeEvents(database, [{ ...who, action: 'key.first-use', subject: subjectOf('ApiKey', key) }])
}

/** A key that was good once is refused; told once a minute. Of what never was a key there is nothing to tell. */
export async function auditRefusedKey(
  database: Database,
  key: ApiKey,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const isDue = await told.consume(key.id).then(
    () => true,
    () => false,
  )
  if (!isDue) return
  const why = key.revokedAt
    ? 'revoked'
    : key.expiresAt && key.expiresAt <= new Date()
      ? 'expired'
      : 'maker left'
  await writeEvents(database, [
    {
      actor: NOBODY,
      origin: originOf({ headers }),
      action: 'key.refuse',
      teamId: key.teamId,
      subject: subjectOf('ApiKey', key),
      outcome: 'REFUSED',
      code: 'UNAUTHENTICATED',
      detail: { why },
    },
  ])
}
