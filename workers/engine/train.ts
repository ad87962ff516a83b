import type { TrainingEvent, TrainingOrder } from '../../contract/training.ts'

export interface TrainingCallbacks {
  /** Receives every event in order; the last one is `finished`, `stopped` or `failed`. */
  onEvent(event: TrainingEvent): void
  /** Asked between two steps; true ends the run with `stopped`. */
  shouldStop(): boolean
}

export type TrainingOutcome = 'finished' | 'stopped' | 'failed'

/**
 * Trains a cohort, evaluates it and exports its students and their ensemble. The run is a function of the order alone.
 * Each step blocks the event loop; between two steps it is given a turn, so that a message can arrive.
 * An `artifact` event's path is absolute and lies in the order's output folder.
 * Failures are told as a `failed` event, never thrown.
 */
export async function train(order: TrainingOrder, callbacks: TrainingCallbacks): Promise<TrainingOutcome> {
  throw new Error(`training ${order.cohort.students.length} students is not written yet: ${typeof callbacks}`)
}
