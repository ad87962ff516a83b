import type { Recipe } from './recipe.ts'

/** Why a recipe cannot train on a dataset, worded to follow a field's name or “The recipe does not fit:”. */
export interface RecipeMisfit {
  /** The recipe's field to change. */
  path: ['batchSize']
  /** No capital letter and no full stop. */
  reason: string
  /** The largest value of that field that would fit. */
  most: number
}

/**
 * Every epoch drops the batch that it cannot fill, so a batch larger than the training split would leave no step at all.
 * The form, the API, the worker, the command line and the engine all ask here.
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
