import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'

/** Deletes a webhook with its log; what it was still to be told is told no more. */
export async function deleteWebhook(
  { database }: Services,
  actor: Actor | null,
  { webhookId }: { webhookId: string },
): Promise<string> {
  const { id } = await permit({ database, actor }, 'Webhook', webhookId, 'ADMIN')
  await inTransaction(database, (tx) => tx.webhook.deleteMany({ where: { id } }))
  return id
}
