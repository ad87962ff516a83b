import type { Webhook } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import type { WebhookSecrets } from '../../webhooks/webhook-secrets.ts'

/** So long the receiver has time to learn the new secret: messages are signed by both. */
const OLD_SECRET_MS = 24 * 3_600_000

/**
 * Replaces a webhook's secret. The new one is in the answer and nowhere else.
 * @throws AppError CONFLICT while the one before it signs, too: its receiver was promised a day
 */
export async function rotateWebhookSecret(
  { database, webhooks }: Services,
  actor: Actor | null,
  { webhookId }: { webhookId: string },
): Promise<{ webhook: Webhook; secret: string }> {
  const { id } = await permit({ database, actor }, 'Webhook', webhookId, 'ADMIN')
  const { secret, stored } = webhooks.secrets.make()
  const webhook = await inTransaction(database, async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Webhook" WHERE id = ${id} FOR NO KEY UPDATE`
    const before = await tx.webhook.findUnique({ where: { id } })
    if (!before) throw notFound('webhook', ['webhookId'])
    const data = { secret: stored, ...replaced(before, webhooks.secrets) }
    return tx.webhook.update({ where: { id }, data })
  })
  return { webhook, secret }
}

/** What becomes of the old secret. One that cannot be read signs nothing: nobody waits for it. */
function replaced({ secret, previousSecret, previousSecretUntil: until }: Webhook, secrets: WebhookSecrets) {
  if (!secrets.canRead(secret)) return { previousSecret: null, previousSecretUntil: null }
  const now = Date.now()
  if (previousSecret && until && until.getTime() > now && secrets.canRead(previousSecret))
    throw new AppError(
      'CONFLICT',
      `The secret was replaced within the last day, and the one before it is good until ${until.toISOString()}. Replace it after that; if it has leaked, delete the webhook and make it anew.`,
      ['webhookId'],
    )
  return { previousSecret: secret, previousSecretUntil: new Date(now + OLD_SECRET_MS) }
}
