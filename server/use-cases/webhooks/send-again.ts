import { newId } from '../../../contract/ids.ts'
import type { Transaction, Webhook, WebhookDelivery } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { writeTestDelivery } from '../../webhooks/write-delivery.ts'
import { withLockedRow } from '../with-locked-row.ts'

/** Tests and repetitions; a webhook is no tool to flood somebody with. */
const MAX_AN_HOUR = 30
const HOUR_MS = 3_600_000

/** Posts a message that tells nothing, to see whether it arrives. */
export async function sendTestEvent(
  services: Services,
  actor: Actor | null,
  { webhookId }: { webhookId: string },
): Promise<WebhookDelivery> {
  const { database, config } = services
  const webhook = await permit({ database, actor }, 'Webhook', webhookId, 'ADMIN')
  const team = await database.team.findUniqueOrThrow({ where: { id: webhook.teamId } })
  return addDelivery(services, webhook, writeTestDelivery(webhook, team, config.publicOrigin))
}

/** Posts a message again, as it was. */
export async function replayDelivery(
  services: Services,
  actor: Actor | null,
  { webhookDeliveryId }: { webhookDeliveryId: string },
): Promise<WebhookDelivery> {
  const { database } = services
  const original = await permit({ database, actor }, 'WebhookDelivery', webhookDeliveryId, 'ADMIN')
  if (original.status === 'PENDING')
    throw new AppError('CONFLICT', 'This message is still being tried. Wait until it was taken or given up.')
  const webhook = await database.webhook.findUniqueOrThrow({ where: { id: original.webhookId } })
  const { teamId, webhookId, eventId, eventName, body, id: replayOfId } = original
  const id = newId('WebhookDelivery')
  return addDelivery(services, webhook, { id, teamId, webhookId, eventId, eventName, body, replayOfId })
}

type NewDelivery = Parameters<Transaction['webhookDelivery']['create']>[0]['data']

async function addDelivery(
  { database, webhooks }: Services,
  { id: webhookId, teamId, disabledAt }: Webhook,
  data: NewDelivery,
): Promise<WebhookDelivery> {
  if (disabledAt) throw new AppError('CONFLICT', 'The webhook is disabled. Enable it first.')
  const delivery = await withLockedRow(database, 'Team', teamId, async (tx) => {
    const createdAt = { gt: new Date(Date.now() - HOUR_MS) }
    const asked = { OR: [{ eventId: null }, { replayOfId: { not: null } }] }
    if ((await tx.webhookDelivery.count({ where: { webhookId, createdAt, ...asked } })) >= MAX_AN_HOUR)
      throw new AppError('LIMIT_EXCEEDED', `A webhook is tried at most ${MAX_AN_HOUR} times an hour.`)
    return tx.webhookDelivery.create({ data })
  })
  webhooks.onDue()
  return delivery
}
