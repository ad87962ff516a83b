import type { Logger } from '../../logging/open-log.ts'
import { type Database, Prisma, type Webhook, type WebhookDelivery } from '../../prisma/client.ts'
import { type Repeated, repeat } from '../repeat.ts'
import { giveUpPending, noteAttempt } from './note-attempt.ts'
import { type Answered, OutwardError, type OutwardRules, postOutward } from './post-outward.ts'
import type { WebhookSecrets } from './webhook-secrets.ts'

const POLL_MS = 5_000
/** Each webhook has at most one message under way in a process, so that one that hangs delays no other. */
const AT_ONCE = 32
/** Longer than an attempt can take; other servers leave a claimed delivery alone for so long. */
const CLAIM_SECONDS = 60

export interface DeliverOptions {
  database: Database
  secrets: WebhookSecrets
  rules: OutwardRules
  log: Logger
}

/** Posts deliveries as they become due. An attempt is counted before it is made: servers share the work. */
export function deliverToWebhooks(given: DeliverOptions): Repeated {
  const { database, log } = given
  const stopping = new AbortController()
  const options = { ...given, rules: { ...given.rules, stop: stopping.signal } }
  const underWay = new Map<string, Promise<void>>()
  const start = (delivery: WebhookDelivery) => {
    const done = attempt(options, delivery)
      .catch((error) => log.warn({ err: error, delivery: delivery.id }, 'a delivery could not be noted'))
      .finally(() => {
        underWay.delete(delivery.webhookId)
        looking.wake()
      })
    underWay.set(delivery.webhookId, done)
  }
  const looking = repeat(
    POLL_MS,
    async () => {
      const free = AT_ONCE - underWay.size
      if (free > 0) for (const due of await claimDue(database, [...underWay.keys()], free)) start(due)
    },
    (error) => log.warn({ err: error }, 'deliveries could not be read; trying again'),
  )
  return {
    wake: looking.wake,
    async close() {
      stopping.abort()
      await looking.close()
      await Promise.all(underWay.values())
    },
  }
}

/** The next due delivery of each webhook that has none under way. */
function claimDue(database: Database, busy: string[], limit: number): Promise<WebhookDelivery[]> {
  const due = Prisma.sql`status = 'PENDING' AND "nextAttemptAt" <= now()`
  return database.$queryRaw<WebhookDelivery[]>`
    UPDATE "WebhookDelivery" SET attempts = attempts + 1,
      "nextAttemptAt" = now() + ${CLAIM_SECONDS} * interval '1 second'
    WHERE id IN (SELECT id FROM "WebhookDelivery" WHERE ${due} AND id IN (
        SELECT DISTINCT ON ("webhookId") id FROM "WebhookDelivery"
        WHERE ${due} AND "webhookId" <> ALL (${busy}) ORDER BY "webhookId", "nextAttemptAt", id)
      ORDER BY "nextAttemptAt", id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING *`
}

async function attempt(options: DeliverOptions, delivery: WebhookDelivery): Promise<void> {
  const { database, rules } = options
  const webhook = await database.webhook.findUnique({ where: { id: delivery.webhookId } })
  if (!webhook) return
  if (webhook.disabledAt) return giveUpPending(database, webhook.id)
  const startedAt = new Date()
  const outcome = await post(options, webhook, delivery, startedAt).catch((error: unknown) => {
    if (error instanceof OutwardError) return error
    throw error
  })
  if (rules.stop?.aborted && outcome instanceof OutwardError) return giveBack(database, delivery)
  const answered = outcome instanceof OutwardError ? null : outcome
  const failure = outcome instanceof OutwardError ? outcome.message : findFailure(outcome)
  await noteAttempt(database, delivery, { startedAt, answered, failure })
}

/** It was not the receiver's fault: another server, or this one once it is back, makes the attempt. */
async function giveBack(database: Database, { id, attempts }: WebhookDelivery): Promise<void> {
  await database.webhookDelivery.updateMany({
    where: { id, status: 'PENDING', attempts },
    data: { attempts: attempts - 1, nextAttemptAt: new Date() },
  })
}

async function post(
  { secrets, rules }: DeliverOptions,
  { url, secret, previousSecret, previousSecretUntil }: Webhook,
  { id, eventId, body }: WebhookDelivery,
  at: Date,
): Promise<Answered> {
  if (!secrets.canRead(secret))
    throw new OutwardError(
      'The secret cannot be read: this service has another AUTH_SECRET. Replace the secret.',
    )
  const signing = [secret]
  if (previousSecret && previousSecretUntil && previousSecretUntil > at) signing.push(previousSecret)
  const signature = secrets.sign(signing, eventId ?? id, at, body)
  const headers = { 'content-type': 'application/json', 'user-agent': 'Studyhall-Webhooks/1', ...signature }
  return postOutward(new URL(url), { headers, body }, rules)
}

/** Only 2xx counts as taken; null for it. */
function findFailure({ status }: Answered): string | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400)
    return `It answered ${status}. Redirects are not followed: enter the address to which it leads.`
  return `It answered ${status}.`
}
