/** Hashes of the students' weights along a training, by which another training of the same order is compared with it. */
import { createHash } from 'node:crypto'
import type { TrainingEvent } from '../../contract/training.ts'
import type { CohortProgram } from './cohort-program.ts'
import { LIBRARIES } from './libraries.ts'

/** How many times further than the one before a step is after which weights are hashed. */
const FACTOR = 10

/**
 * Tells the hashes of the weights after steps 1, 10, 100 and so on, and after the last, or the one at which a training ends
 * early.
 */
export function reportWeightHashes(
  { readTrainedWeights }: Pick<CohortProgram, 'readTrainedWeights'>,
  lastStep: number,
  onEvent: (event: TrainingEvent) => void,
) {
  const nextAfter = (step: number) => {
    let next = 1
    while (next <= step) next *= FACTOR
    return Math.min(next, lastStep)
  }
  return {
    nextAfter,
    after(step: number, isOver: boolean) {
      if (!isOver && step !== nextAfter(step - 1)) return
      onEvent({ type: 'weights', step, tensors: hashWeights(readTrainedWeights()), libraries: LIBRARIES })
    },
  }
}

/** The first 32 digits of each tensor's SHA-256, by the tensor's name. */
function hashWeights(weights: ReadonlyMap<string, Float32Array>): Record<string, string> {
  return Object.fromEntries(
    [...weights].map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      createHash('sha256')
        .update(new Uint8Array(buffer, byteOffset, byteLength))
        .digest('hex')
        .slice(0, 32),
    ]),
  )
}
