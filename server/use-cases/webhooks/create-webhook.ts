import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import type { Webhook } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { checkUrl, requireRoomForWebhook, WebhookInput } from './webhook-input.ts'

const Input = WebhookInput.extend({ teamId: z.string(), format: z.enum(['STUDYHALL', 'SLACK']) })

/** Has a team's events posted to an address. The secret is in the answer and nowhere else. */
export async function createWebhook(
  { database, config, webhooks }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<{ webhook: Webhook; secret: string }> {
  await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const { userId: createdById } = requireActor(actor)
  const { teamId, url, kinds, format } = parseInput(Input, input)
  const checked = checkUrl(url, config.webhooks.privateHosts)
  const { secret, stored } = webhooks.secrets.make()
  const data = { id: newId('Webhook'), teamId, createdById, url: checked, kinds, format, secret: stored }
  const webhook = await withLockedRow(database, 'Team', teamId, async (tx) => {
    await requireRoomForWebhook(tx, teamId)
    return tx.webhook.create({ data })
  })
  return { webhook, secret }
}
