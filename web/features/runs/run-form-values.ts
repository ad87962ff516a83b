import type { RunFormChoicesQuery } from '../../graphql/generated/operations.ts'
import { checkNumber, checkRecipe } from '../recipe/recipe-rules.ts'
import type { RecipeValues, Typed } from '../recipe/recipe-values.ts'

export interface RunValues {
  cohortId: string | null
  datasetVersionId: string | null
  preset: string
  recipe: RecipeValues
  seed: Typed
}

export type Preset = RunFormChoicesQuery['recipePresets'][number]

/** By field, what is wrong with it. */
export function checkRun(values: RunValues): Record<string, string> {
  const errors = checkRecipe(values.recipe)
  if (!values.cohortId) errors.cohortId = 'Choose a cohort.'
  if (!values.datasetVersionId) errors.datasetVersionId = 'Choose a dataset.'
  const seed = checkNumber(values.seed, { least: 0, most: 2 ** 31 - 1, whole: true })
  if (seed) errors.seed = seed
  return errors
}
