import { z } from 'zod'
import { MAX_WEBHOOKS, WEBHOOK_URL_LENGTH } from '../../../contract/limits.ts'
import { TEAM_EVENT_KINDS, WEBHOOK_EVENT_KINDS } from '../../../contract/notices/team-events.ts'
import type { Transaction } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'
import { refuseUrl } from '../../webhooks/post-outward.ts'

/** What is told of a webhook, whether it is made or changed. */
export const WebhookInput = z.object({
  url: z
    .string()
    .trim()
    .max(WEBHOOK_URL_LENGTH, `at most ${WEBHOOK_URL_LENGTH} characters`)
    .refine((url) => URL.canParse(url), 'is no address: write it as https://example.org/path'),
  kinds: z
    .array(z.enum(TEAM_EVENT_KINDS))
    .min(1, 'choose at least one')
    .refine(
      (kinds) => kinds.every((kind) => WEBHOOK_EVENT_KINDS.includes(kind)),
      'a webhook is not told of WEBHOOK_DISABLED',
    )
    .transform((kinds) => [...new Set(kinds)]),
})

/** @returns the address in its usual form @throws AppError INVALID_INPUT for an address to which nothing is sent */
export function checkUrl(text: string, privateHosts: readonly string[]): string {
  const url = new URL(text)
  url.hash = ''
  const refusal = refuseUrl(url, privateHosts)
  if (refusal) throw new AppError('INVALID_INPUT', refusal, ['url'])
  if (url.href.length <= WEBHOOK_URL_LENGTH) return url.href
  const length = `It has ${url.href.length} characters once those that no address has are written as %…`
  throw new AppError('INVALID_INPUT', `${length}; at most ${WEBHOOK_URL_LENGTH} are taken.`, ['url'])
}

export async function requireRoomForWebhook(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.webhook.count({ where: { teamId } })) < MAX_WEBHOOKS) return
  throw new AppError('LIMIT_EXCEEDED', `A team has at most ${MAX_WEBHOOKS} webhooks; delete one first.`)
}
