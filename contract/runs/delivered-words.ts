import type { DeliveredCheckpoint } from '../evaluation.ts'

/** As JSON and GraphQL have it. */
type Delivered = Pick<DeliveredCheckpoint, 'checkpoint' | 'epoch' | 'validationCount'> & {
  validationTop1?: number | null | undefined
  stoppedAfterEpoch?: number | null | undefined
}

/** Which state of the cohort was delivered, in a sentence without a full stop: for cards, pages and terminals. */
export function describeDelivered({
  checkpoint,
  epoch,
  validationCount,
  validationTop1,
  stoppedAfterEpoch,
}: Delivered): string {
  const which =
    checkpoint === 'LAST'
      ? `the last state, after epoch ${epoch}`
      : `the best state on ${validationCount.toLocaleString('en')} validation ${validationCount === 1 ? 'image' : 'images'}, after epoch ${epoch} (${(100 * (validationTop1 ?? 0)).toFixed(2)} %)`
  return stoppedAfterEpoch == null
    ? which
    : `${which}; training stopped early, after epoch ${stoppedAfterEpoch}`
}
