import { Seed } from '../../../contract/seed.ts'
import { checkNumber, rangeOf } from '../../forms/number-range.ts'
import type { RunFormChoicesQuery } from '../../graphql/generated/operations.ts'
import { checkRecipe } from '../recipe/check-recipe.ts'
import { type RecipeJson, type RecipeValues, valuesOf } from '../recipe/recipe-values.ts'

const USUAL_PRESET = 'quick'

export interface RunValues {
  cohortId: string | null
  datasetVersionId: string | null
  preset: string
  recipe: RecipeValues
  seed: number | string
}

export type Preset = RunFormChoicesQuery['recipePresets'][number]
type Team = RunFormChoicesQuery['team']
export type DatasetVersion = NonNullable<
  NonNullable<Team>['datasets']['edges'][number]['node']['latestReadyVersion']
>

export const seedRange = rangeOf(Seed)

export function recipeOfPreset({ recipe }: Preset): RecipeJson {
  return recipe as RecipeJson
}

/** Datasets with a version that can be trained on. */
export function readyDatasets(team: Team): { name: string; version: DatasetVersion }[] {
  return (team?.datasets.edges ?? []).flatMap(({ node: { name, latestReadyVersion: version } }) =>
    version ? [{ name, version }] : [],
  )
}

/** What the form begins with: what the address asks for, or else what is newest. */
export function firstRunValues(
  { team, recipePresets }: RunFormChoicesQuery,
  cohortId: string | null,
  datasetVersionId: string | null,
): { values: RunValues; preset: Preset } {
  const preset = recipePresets.find(({ name }) => name === USUAL_PRESET) ?? recipePresets[0]
  if (!preset) throw new Error('The server offers no recipe presets.')
  const cohortIds = team?.cohorts.edges.map(({ node }) => node.id) ?? []
  const versionIds = readyDatasets(team).map(({ version }) => version.id)
  const askedOrFirst = (ids: string[], asked: string | null) =>
    ids.find((id) => id === asked) ?? ids[0] ?? null
  return {
    preset,
    values: {
      cohortId: askedOrFirst(cohortIds, cohortId),
      datasetVersionId: askedOrFirst(versionIds, datasetVersionId),
      preset: preset.name,
      recipe: valuesOf(recipeOfPreset(preset)),
      seed: 1,
    },
  }
}

/** By field, what is wrong with it. */
export function checkRun(values: RunValues, preset: Preset): Record<string, string> {
  const errors = checkRecipe(values.recipe, recipeOfPreset(preset))
  if (!values.cohortId) errors.cohortId = 'Choose a cohort.'
  if (!values.datasetVersionId) errors.datasetVersionId = 'Choose a dataset.'
  const seed = checkNumber(values.seed, seedRange)
  if (seed) errors.seed = seed
  return errors
}
