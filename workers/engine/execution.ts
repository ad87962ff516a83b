import { pictureBytesOf } from '../../contract/packed/locate.ts'
import type { ExecutionMode, TrainingOrder } from '../../contract/training.ts'
import type { Pictures } from './batches/packed-split.ts'
import type { LoopOptions } from './capture/step-loop.ts'
import { mostStepsPerCall, StepsPerCall } from './steps-per-call.ts'
import { takesUnlabelled } from './teaching/stages.ts'
import { usesCard } from './tensorflow.ts'

/** The training images may take this share of a graphics card's memory; the rest is for the networks. */
const PICTURES_SHARE = 1 / 4
/** They are read into one piece of the machine's memory first. */
const MOST_PICTURE_BYTES = 2 ** 31
/** Assumed of a card of which nothing is known. */
const LEAST_CARD_BYTES = 2 ** 30

/** How the steps of a run are handed to TensorFlow. */
export interface Execution {
  mode: ExecutionMode
  loop: LoopOptions | undefined
  stepsPerCall: StepsPerCall
  /** The number of training images, if they are to lie on the device. */
  residentRows: number | undefined
}

/**
 * A graphics card waits for the host between two calls, so there a call takes many steps, of one compiled
 * program, on images that lie on the card if they fit. On a processor none of that gains anything
 * (docs/engine-speed.md).
 */
export function chooseExecution(
  { recipe, dataset, cohort, execution = {} }: TrainingOrder,
  train: Pictures,
  isOnCard = usesCard(),
): Execution {
  if (execution.cardBytes !== undefined && !isOnCard)
    throw new Error(
      `The worker has a card (${execution.device}), but TensorFlow does not see it, and nothing is trained on the processor instead. npm run doctor on the worker's machine tells why.`,
    )
  const mode = execution.mode ?? (isOnCard ? 'COMPILED' : 'PLAIN')
  const given = execution.stepsPerCall ?? (isOnCard ? undefined : 1)
  const batchBytes = recipe.batchSize * (1 + recipe.unlabelledRatio) * pictureBytesOf(dataset)
  const isCompiled = mode === 'COMPILED'
  const cardBytes = execution.cardBytes ?? LEAST_CARD_BYTES
  // Images without labels are of another split, and come from the host with every step.
  const mayLieThere = !takesUnlabelled(recipe, cohort)
  const isResident = mayLieThere && (execution.picturesOnDevice ?? (isOnCard && fitsOnCard(train, cardBytes)))
  return {
    mode,
    loop:
      given === 1 && !isCompiled
        ? undefined
        : { isCompiled, capacity: isCompiled ? (given ?? mostStepsPerCall(batchBytes)) : undefined },
    stepsPerCall: new StepsPerCall(given, batchBytes),
    residentRows: isResident ? train.count : undefined,
  }
}

/** Images that are still being fetched are read where they lie, batch by batch. */
function fitsOnCard(train: Pictures, cardBytes: number): boolean {
  const bytes = train.count * train.pictureSize
  return train.isLocal && bytes <= Math.min(cardBytes * PICTURES_SHARE, MOST_PICTURE_BYTES)
}
