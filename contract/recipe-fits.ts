import type { Recipe } from './recipe.ts'

/** Why a recipe cannot train on a dataset, worded to follow a field name or “The recipe does not fit:”. */
export interface RecipeMisfit {
  /** The recipe's field to change. */
  path: ['batchSize']
  /** Without a capital letter or full stop. */
  reason: string
  /** The largest value that would fit. */
  most: number
}

/**
 * Every epoch drops its incomplete last batch, so a batch larger than the training split would leave no steps
 * at all. Used by the form, the API, the worker, the command line and the engine.
 * @param trainCount  images in the training split
 */
export function checkRecipeFits(
  { batchSize }: Pick<Recipe, 'batchSize'>,
  trainCount: number,
): RecipeMisfit | null {
  if (batchSize <= trainCount) return null
  const reason = `a batch of ${batchSize} is larger than the ${trainCount} training images`
  return { path: ['batchSize'], reason, most: trainCount }
}
