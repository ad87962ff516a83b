/** After which steps of a training the students are evaluated. */
import type { Recipe } from '../../../contract/recipes/recipe.ts'

/** The first step after `step` at which an evaluation is due. */
export function nextEvaluationAfter(step: number, perEpoch: number, recipe: Recipe): number {
  let end = (Math.floor(step / perEpoch) + 1) * perEpoch
  while (!isEvaluationDue(end, perEpoch, recipe)) end += perEpoch
  return end
}

/** Due every `evaluateEveryEpochs` epochs and after the last epoch of a stage. */
export function isEvaluationDue(
  step: number,
  perEpoch: number,
  { epochs, evaluateEveryEpochs }: Recipe,
): boolean {
  const epoch = step / perEpoch
  return epoch > 0 && Number.isInteger(epoch) && (epoch % evaluateEveryEpochs === 0 || epoch % epochs === 0)
}
