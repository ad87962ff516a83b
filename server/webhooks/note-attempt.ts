import { newId } from '../../contract/ids.ts'
import { toStorable } from '../../contract/text.ts'
import type { Database, Transaction, WebhookDelivery } from '../../prisma/client.ts'
import type { Answered } from './post-outward.ts'

const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 4 * 3_600_000
/** How long a message is tried, and a webhook may fail before it is disabled. */
export const PATIENCE_MS = 24 * 3_600_000
const FAILURE_LENGTH = 500

interface Attempt {
  startedAt: Date
  answered: Answered | null
  /** Null where it was taken. */
  failure: string | null
}

/** Keeps how an attempt went, and what follows: nothing, another one, or the end of the delivery or of the webhook. */
export async function noteAttempt(
  database: Database,
  delivery: WebhookDelivery,
  { startedAt, answered, failure: reason }: Attempt,
): Promise<void> {
  const failure = reason === null ? null : toStorable(reason, FAILURE_LENGTH)
  await database.$transaction(async (tx) => {
    // First of all, as whoever deletes or disables it locks it before its deliveries.
    await tx.$queryRaw`SELECT id FROM "Webhook" WHERE id = ${delivery.webhookId} FOR NO KEY UPDATE`
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id: delivery.id, status: 'PENDING' },
      data: nextState(delivery, failure),
    })
    // Given up meanwhile, or deleted, with its webhook.
    if (count === 0) return
    await tx.webhookAttempt.create({
      data: {
        deliveryId: delivery.id,
        number: delivery.attempts,
        startedAt,
        milliseconds: Date.now() - startedAt.getTime(),
        responseStatus: answered?.status ?? null,
        responseBody: answered?.body ?? null,
        failure,
      },
    })
    if (failure === null) await noteSuccess(tx, delivery.webhookId)
    else await noteFailure(tx, delivery.webhookId, failure)
  })
}

/** A webhook that is disabled is told nothing more, neither what is on its way. */
export async function giveUpPending(
  client: Pick<Transaction, 'webhookDelivery'>,
  webhookId: string,
): Promise<void> {
  await client.webhookDelivery.updateMany({
    where: { webhookId, status: 'PENDING' },
    data: { status: 'FAILED', finishedAt: new Date() },
  })
}

function nextState({ attempts, createdAt }: WebhookDelivery, failure: string | null) {
  const now = Date.now()
  if (failure === null) return { status: 'DELIVERED', finishedAt: new Date(now) } as const
  if (now - createdAt.getTime() >= PATIENCE_MS)
    return { status: 'FAILED', finishedAt: new Date(now) } as const
  return { nextAttemptAt: new Date(now + retryMs(attempts)) }
}

/** 5 s, 20 s, 80 s ... up to four hours, each up to a tenth longer, so that not all come at once. */
export function retryMs(attempts: number): number {
  const waitMs = Math.min(FIRST_RETRY_MS * 4 ** (attempts - 1), LONGEST_RETRY_MS)
  return waitMs * (1 + Math.random() / 10)
}

async function noteSuccess(tx: Transaction, id: string): Promise<void> {
  await tx.webhook.updateMany({ where: { id, failingSince: { not: null } }, data: { failingSince: null } })
}

async function noteFailure(tx: Transaction, id: string, failure: string): Promise<void> {
  await tx.webhook.updateMany({ where: { id, failingSince: null }, data: { failingSince: new Date() } })
  const overdue = new Date(Date.now() - PATIENCE_MS)
  const { count } = await tx.webhook.updateMany({
    where: { id, disabledAt: null, failingSince: { lte: overdue } },
    data: { disabledAt: new Date() },
  })
  if (count === 0) return
  await giveUpPending(tx, id)
  const { teamId, url } = await tx.webhook.findUniqueOrThrow({ where: { id } })
  const data = { webhook: { id, url }, failure }
  await tx.teamEvent.create({ data: { id: newId('TeamEvent'), teamId, kind: 'WEBHOOK_DISABLED', data } })
}
