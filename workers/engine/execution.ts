import { pictureBytesOf } from '../../contract/packed/locate.ts'
import type { TrainingOrder } from '../../contract/training.ts'
import type { LoopOptions } from './capture/step-loop.ts'
import { StepsPerCall } from './steps-per-call.ts'
import { usesCard } from './tensorflow.ts'

/** How the steps of a run are handed to TensorFlow. */
export interface Execution {
  loop: LoopOptions | undefined
  stepsPerCall: StepsPerCall
}

/**
 * A graphics card waits for the host between two calls, so a call takes many steps there. On a processor that
 * gains nothing (docs/engine-speed.md), so it takes one.
 */
export function chooseExecution({ recipe, dataset, stepsPerCall }: TrainingOrder): Execution {
  const given = stepsPerCall ?? (usesCard() ? undefined : 1)
  return {
    loop: given === 1 ? undefined : { isCompiled: false },
    stepsPerCall: new StepsPerCall(given, recipe.batchSize * pictureBytesOf(dataset)),
  }
}
