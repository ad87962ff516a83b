import { countHeldOut } from './held-out.ts'
import type { OptimizerSettings, Recipe } from './recipe.ts'

/** A warning about a recipe that is valid but unlikely to train well. */
export interface RecipeWarning {
  /** The field to reconsider, such as `schedule.warmupEpochs`. */
  path: string
  /** What is unusual and what to do about it, in complete sentences. */
  message: string
}

const FEWEST_STEPS = 50
/** Above these rates, training nearly always diverges, for every architecture here. */
const HIGHEST_USUAL_RATE: Record<OptimizerSettings['kind'], number> = { SGD: 1, ADAM: 0.05, ADAMW: 0.05 }
const LARGEST_WARMUP_SHARE = 0.5
const LARGEST_DROPPED_SHARE = 0.25

/**
 * Checks a recipe for problems before time is spent on it. The recipe must have passed `checkRecipeFits`.
 * @param allCount  images in the training split, of which `validationShare` is set aside
 */
export function warnOfRecipe(recipe: Recipe, allCount: number): RecipeWarning[] {
  const trainCount = allCount - countHeldOut(recipe.validationShare, allCount)
  return [
    warnOfSteps(recipe, trainCount),
    warnOfDroppedImages(recipe, trainCount),
    warnOfRate(recipe),
    warnOfWarmup(recipe),
    warnOfRampUp(recipe),
    warnOfUnreachedDrops(recipe),
  ].filter((warning) => warning !== null)
}

function warnOfSteps({ epochs, batchSize }: Recipe, trainCount: number): RecipeWarning | null {
  const stepsAnEpoch = Math.floor(trainCount / batchSize)
  const steps = epochs * stepsAnEpoch
  const few = `The training has only ${steps} ${steps === 1 ? 'step' : 'steps'}`
  if (stepsAnEpoch === 1 && trainCount > 2)
    return {
      path: 'batchSize',
      message: `A batch of ${batchSize} is nearly all of the ${trainCount} training images, so that an epoch is a single step. ${few}; choose a smaller batch.`,
    }
  if (steps >= FEWEST_STEPS) return null
  return { path: 'epochs', message: `${few}. Add epochs, or make the batch smaller.` }
}

function warnOfDroppedImages({ batchSize }: Recipe, trainCount: number): RecipeWarning | null {
  const dropped = trainCount % batchSize
  // warnOfSteps already covers batches that are nearly the whole split.
  if (dropped / trainCount <= LARGEST_DROPPED_SHARE || trainCount < 2 * batchSize) return null
  const share = Math.round((100 * dropped) / trainCount)
  return {
    path: 'batchSize',
    message: `Every epoch leaves out ${dropped} of ${trainCount} training images (${share} %), those of its incomplete last batch. Choose a batch size that divides them better.`,
  }
}

function warnOfRate({ learningRate, optimizer: { kind } }: Recipe): RecipeWarning | null {
  const usual = HIGHEST_USUAL_RATE[kind]
  if (learningRate <= usual) return null
  return {
    path: 'learningRate',
    message: `A learning rate of ${learningRate} is far above what ${kind} is used with (up to ${usual}): the loss will probably diverge.`,
  }
}

function warnOfWarmup({ schedule, epochs }: Recipe): RecipeWarning | null {
  if (!('warmupEpochs' in schedule) || schedule.warmupEpochs <= LARGEST_WARMUP_SHARE * epochs) return null
  return {
    path: 'schedule.warmupEpochs',
    message: `The warm-up takes ${schedule.warmupEpochs} of ${epochs} epochs, so that little is trained at the full learning rate.`,
  }
}

function warnOfRampUp({ teachingRampUpEpochs, epochs }: Recipe): RecipeWarning | null {
  if (teachingRampUpEpochs <= LARGEST_WARMUP_SHARE * epochs) return null
  return {
    path: 'teachingRampUpEpochs',
    message: `The ramp-up of teaching takes ${teachingRampUpEpochs} of ${epochs} epochs, so that students learn little from each other.`,
  }
}

function warnOfUnreachedDrops({ schedule, epochs }: Recipe): RecipeWarning | null {
  if (schedule.kind === 'STEP' && schedule.everyEpochs >= epochs)
    return {
      path: 'schedule.everyEpochs',
      message: `The learning rate never drops: the first drop is after epoch ${schedule.everyEpochs}, and the training ends after ${epochs}.`,
    }
  const unreached = schedule.kind === 'MULTI_STEP' ? schedule.atEpochs.filter((epoch) => epoch >= epochs) : []
  if (unreached.length === 0) return null
  return {
    path: 'schedule.atEpochs',
    message: `The learning rate never drops after epoch ${unreached.join(', ')}: the training ends after ${epochs}.`,
  }
}
