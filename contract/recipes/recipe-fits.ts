import { countHeldOut } from './held-out.ts'
import type { Recipe } from './recipe.ts'

/** Why a recipe cannot train on a dataset, worded to follow a field name or “The recipe does not fit:”. */
export interface RecipeMisfit {
  /** The recipe's field to change. */
  path: ['batchSize' | 'epochs' | 'unlabelledRatio']
  /** Without a capital letter or full stop. */
  reason: string
  /** The largest value that would fit. */
  most: number
}

/** Step counts have 31 bits, and DISTILLATION runs the epochs twice. */
const MAX_STEPS = 2 ** 30

/**
 * Every epoch drops its incomplete last batch, so a batch larger than the training split would leave no steps
 * at all. Used by the form, the API, the worker, the command line and the engine.
 * @param allCount  images in the training split, of which `validationShare` is set aside
 * @param unlabelledCount  images without labels
 */
export function checkRecipeFits(
  {
    batchSize,
    epochs = 1,
    validationShare = 0,
    unlabelledRatio = 0,
  }: Pick<Recipe, 'batchSize'> & Partial<Pick<Recipe, 'epochs' | 'validationShare' | 'unlabelledRatio'>>,
  allCount: number,
  unlabelledCount: number,
): RecipeMisfit | null {
  const heldOut = countHeldOut(validationShare, allCount)
  const trainCount = allCount - heldOut
  if (batchSize > trainCount) {
    const reason = `a batch of ${batchSize} is larger than the ${trainCount} training images${heldOut > 0 ? ` that are not set aside for validation` : ''}`
    return { path: ['batchSize'], reason, most: trainCount }
  }
  if (unlabelledRatio * batchSize > unlabelledCount) {
    const has = unlabelledCount === 0 ? 'none' : `${unlabelledCount}`
    const reason = `a step takes ${unlabelledRatio * batchSize} images without labels, and the dataset has ${has}`
    return { path: ['unlabelledRatio'], reason, most: Math.floor(unlabelledCount / batchSize) }
  }
  const perEpoch = Math.floor(trainCount / batchSize)
  if (epochs * perEpoch <= MAX_STEPS) return null
  const steps = (epochs * perEpoch).toLocaleString('en')
  const reason = `${epochs} epochs of ${perEpoch} steps are ${steps} steps, more than ${MAX_STEPS.toLocaleString('en')}`
  return { path: ['epochs'], reason, most: Math.floor(MAX_STEPS / perEpoch) }
}
