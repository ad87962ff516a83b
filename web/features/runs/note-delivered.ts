import { describeDelivered } from '../../../contract/runs/delivered-words.ts'
import type { DeliveredPartsFragment } from '../../graphql/generated/operations.ts'

/** Follows what was measured; nothing for runs that had no choice. */
export function noteDelivered(delivered: DeliveredPartsFragment | null | undefined): string {
  return delivered && delivered.validationCount > 0 ? `; delivered is ${describeDelivered(delivered)}` : ''
}
