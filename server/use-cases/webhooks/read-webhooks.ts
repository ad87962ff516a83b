import type { Database, DeliveryStatus, Webhook, WebhookDelivery } from '../../../prisma/client.ts'
import { type Actor, mayActAs, roleIn } from '../../access/actor.ts'
import { direction, onwards, type TimeOrder } from '../list-order.ts'
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

interface DeliveriesPage extends PageArguments {
  statuses?: readonly DeliveryStatus[] | null
  orderBy?: TimeOrder | null
}

/** What a webhook was told, the newest first unless it is ordered otherwise. */
export function readDeliveries(
  database: Database,
  webhookId: string,
  { statuses, orderBy, ...page }: DeliveriesPage,
): Promise<Connection<WebhookDelivery>> {
  const where = { webhookId, ...(statuses && { status: { in: [...statuses] } }) }
  return readNewestFirst(page, {
    read: (before, take) =>
      database.webhookDelivery.findMany({
        where: { ...where, id: onwards(orderBy, before) },
        orderBy: { id: direction(orderBy) },
        take,
      }),
    count: () => database.webhookDelivery.count({ where }),
  })
}
