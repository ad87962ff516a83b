import type { Webhook } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'

/** So long the receiver has time to learn the new secret: messages are signed by both. */
const OLD_SECRET_MS = 24 * 3_600_000

/** Replaces a webhook's secret. The new one is in the answer and nowhere else. */
export async function rotateWebhookSecret(
  { database, webhooks }: Services,
  actor: Actor | null,
  { webhookId }: { webhookId: string },
): Promise<{ webhook: Webhook; secret: string }> {
  const { id, secret: previousSecret } = await permit({ database, actor }, 'Webhook', webhookId, 'ADMIN')
  const { secret, stored } = webhooks.secrets.make()
  const previousSecretUntil = new Date(Date.now() + OLD_SECRET_MS)
  const data = { secret: stored, previousSecret, previousSecretUntil }
  const webhook = await inTransaction(database, (tx) => tx.webhook.update({ where: { id }, data }))
  return { webhook, secret }
}
