import { z } from 'zod'
import type { Webhook } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { giveUpPending } from '../../webhooks/note-attempt.ts'
import { parseInput } from '../parse-input.ts'
import { checkUrl, WebhookInput } from './webhook-input.ts'

const Input = WebhookInput.extend({ webhookId: z.string(), enabled: z.boolean().nullish() })

/**
 * Changes where a webhook posts and what it is told. One that is disabled is not told what was on its way either, and
 * begins anew once it is enabled.
 */
export async function updateWebhook(
  { database, config, webhooks }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Webhook> {
  const { id, disabledAt } = await permit({ database, actor }, 'Webhook', input.webhookId, 'ADMIN')
  const { url, kinds, enabled: wanted } = parseInput(Input, input)
  const enabled = wanted ?? disabledAt === null
  const checked = checkUrl(url, config.webhooks.privateHosts)
  const state = enabled
    ? { disabledAt: null, ...(disabledAt && { failingSince: null }) }
    : { disabledAt: disabledAt ?? new Date() }
  const data = { url: checked, kinds, ...state }
  const webhook = await inTransaction(database, async (tx) => {
    const updated = await tx.webhook.update({ where: { id }, data })
    if (!enabled) await giveUpPending(tx, id)
    return updated
  })
  webhooks.onDue()
  return webhook
}
