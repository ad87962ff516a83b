import { Recipe } from '../../../contract/recipes/recipe.ts'
import { isHeld } from '../../../contract/runs/run-states.ts'
import type { Run } from '../../../prisma/client.ts'

/** Source of the schema's RunProgress. */
export interface RunProgress {
  step: number
  steps: number | null
  epoch: number
  epochs: number
  imagesPerSecond: number | null
  remainingSeconds: number | null
}

/** @param stages  how many trainings of the recipe's length follow each other */
export function progressOf(run: Run, stages: number): RunProgress {
  const recipe = Recipe.parse(run.recipe)
  const { batchSize } = recipe
  const epochs = stages * recipe.epochs
  const { step, steps, epoch, imagesPerSecond } = run
  const isMeasured = isHeld(run.status) && steps !== null && imagesPerSecond !== null && imagesPerSecond > 0
  // Computed from the latest measured rate, so that no events have to be read.
  const remainingSeconds = isMeasured ? ((steps - step) * batchSize) / imagesPerSecond : null
  return { step, steps, epoch, epochs, imagesPerSecond, remainingSeconds }
}
