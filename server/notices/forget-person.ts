import type { Transaction } from '../../prisma/client.ts'
import { writeDelivery } from '../webhooks/write-delivery.ts'

interface Forgotten {
  userId: string
  /** What stands in the name's place. */
  name: string
  /** Of the pages, to which messages lead. */
  origin: string
}

/** Takes a person's name out of what events have recorded, and out of the messages to webhooks that tell of them. */
export async function forgetInEvents(tx: Transaction, { userId, name, origin }: Forgotten): Promise<void> {
  // Events name people by { id, name }; in words only of those who join.
  const joined = await tx.$queryRaw<{ id: string }[]>`
    WITH forgotten AS (
      UPDATE "TeamEvent" SET data = (
        SELECT jsonb_object_agg(key, CASE WHEN value ->> 'id' = ${userId}
          THEN value || jsonb_build_object('name', ${name}::text) ELSE value END)
        FROM jsonb_each(data))
      WHERE jsonb_path_exists(data, '$.* ? (@.id == $id)', jsonb_build_object('id', ${userId}::text))
      RETURNING id, kind, data),
    retold AS (
      UPDATE "WebhookDelivery" AS delivery SET body = jsonb_set(body::jsonb, '{data}', forgotten.data)::text
      FROM forgotten, "Webhook" AS webhook
      WHERE delivery."eventId" = forgotten.id AND forgotten.kind <> 'MEMBER_JOINED'
        AND webhook.id = delivery."webhookId" AND webhook.format = 'STUDYHALL')
    SELECT id FROM forgotten WHERE kind = 'MEMBER_JOINED'`
  await tellAnew(tx, origin, { in: joined.map(({ id }) => id) })
}

async function tellAnew(tx: Transaction, origin: string, eventId: { in: string[] }): Promise<void> {
  const deliveries = await tx.webhookDelivery.findMany({
    where: { eventId },
    include: { webhook: true, event: { include: { team: true } } },
  })
  for (const { id, webhook, event } of deliveries) {
    if (!event) continue
    const { body } = writeDelivery(webhook, { event, team: event.team, origin })
    await tx.webhookDelivery.update({ where: { id }, data: { body } })
  }
}
