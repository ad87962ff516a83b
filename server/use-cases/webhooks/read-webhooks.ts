import type { Database, Webhook, WebhookDelivery } from '../../../prisma/client.ts'
import { type Actor, mayActAs, roleIn } from '../../access/actor.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

/** A team's webhooks, the newest first; none for whoever may not manage them. */
export async function readWebhooks(
  database: Database,
  actor: Actor | null,
  teamId: string,
): Promise<Webhook[]> {
  const role = await roleIn(database, actor, teamId)
  if (!role || !mayActAs(role, 'ADMIN')) return []
  return database.webhook.findMany({ where: { teamId }, orderBy: { id: 'desc' } })
}

/** What a webhook was told, the newest first. */
export function readDeliveries(
  database: Database,
  webhookId: string,
  page: PageArguments,
): Promise<Connection<WebhookDelivery>> {
  const where = { webhookId }
  return readNewestFirst(page, {
    read: (before, take) =>
      database.webhookDelivery.findMany({
        where: { webhookId, ...(before !== undefined && { id: { lt: before } }) },
        orderBy: { id: 'desc' },
        take,
      }),
    count: () => database.webhookDelivery.count({ where }),
  })
}
