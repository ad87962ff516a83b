import type { Tone } from '../../design/status-mark.tsx'
import type {
  DeliveryStatus,
  WebhookFactsFragment,
  WebhookFormat,
} from '../../graphql/generated/operations.ts'

interface State {
  tone: Tone
  words: string
}

export const FORMAT_WORDS: Record<WebhookFormat, string> = {
  STUDYHALL: 'Studyhall’s JSON',
  SLACK: 'Slack’s',
}

export const DELIVERY_STATES: Record<DeliveryStatus, State> = {
  PENDING: { tone: 'busy', words: 'on its way' },
  DELIVERED: { tone: 'good', words: 'delivered' },
  FAILED: { tone: 'bad', words: 'given up' },
}

/** How a webhook does. */
export function stateOf({ disabledAt, failingSince }: WebhookFactsFragment): State {
  if (disabledAt) return { tone: 'neutral', words: 'disabled' }
  return failingSince ? { tone: 'bad', words: 'failing' } : { tone: 'good', words: 'enabled' }
}
