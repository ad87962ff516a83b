import { checkRecipeFits } from '../../../contract/recipes/recipe-fits.ts'
import { Seed } from '../../../contract/seed.ts'
import { checkNumber, rangeOf } from '../../forms/number-range.ts'
import { sentence } from '../../forms/sentence.ts'
import type {
  CohortRowFragment,
  RunFormChoicesQuery,
  TrainableVersionFragment,
} from '../../graphql/generated/operations.ts'
import { checkRecipe } from '../recipe/check-recipe.ts'
import { readAt } from '../recipe/recipe-paths.ts'
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

export const seedRange = rangeOf(Seed)

export function recipeOfPreset({ recipe }: Preset): RecipeJson {
  return recipe as RecipeJson
}

/** Cohorts to choose from: the latest, and that of the run being cloned. */
export function cohortChoices(team: Team): CohortRowFragment[] {
  const newest = team?.cohorts.nodes ?? []
  const source = team?.run?.cohort
  return source && newest.every(({ id }) => id !== source.id) ? [source, ...newest] : newest
}

interface VersionChoice {
  name: string
  version: TrainableVersionFragment
}

/** The latest trainable version of each dataset, and the version of the run being cloned. */
export function versionChoices(team: Team): VersionChoice[] {
  const latest = (team?.datasets.nodes ?? []).flatMap(({ name, latestReadyVersion: version }) =>
    version ? [{ name, version }] : [],
  )
  const source = team?.run?.datasetVersion
  if (!source || latest.some(({ version }) => version.id === source.id)) return latest
  return [{ name: source.dataset.name, version: source }, ...latest]
}

/** Initial values of the form: from the run being cloned, else from the URL, else the latest. */
export function firstRunValues(
  { team, recipePresets }: RunFormChoicesQuery,
  cohortId: string | null,
  datasetVersionId: string | null,
): { values: RunValues; preset: Preset } {
  const source = team?.run
  const presetNamed = (wanted: string) => recipePresets.find(({ name }) => name === wanted)
  const preset = presetNamed(source?.preset ?? USUAL_PRESET) ?? recipePresets[0]
  if (!preset) throw new Error('The server offers no recipe presets.')
  const cohorts = cohortChoices(team)
  // Controls of experiments learn alone, and are seldom what the next run is to train.
  const isTaught = ({ teaching }: CohortRowFragment) => teaching.method !== 'INDEPENDENT'
  const cohortIds = [...cohorts.filter(isTaught), ...cohorts].map(({ id }) => id)
  const versionIds = versionChoices(team).map(({ version }) => version.id)
  const requestedOrFirst = (ids: string[], requested: string | null) =>
    ids.find((id) => id === requested) ?? ids[0] ?? null
  return {
    preset,
    values: {
      cohortId: requestedOrFirst(cohortIds, source?.cohort.id ?? cohortId),
      datasetVersionId: requestedOrFirst(versionIds, source?.datasetVersion.id ?? datasetVersionId),
      preset: preset.name,
      recipe: valuesOf(source ? (source.recipe as RecipeJson) : recipeOfPreset(preset)),
      seed: source?.seed ?? 1,
    },
  }
}

export function trainCountOf({ splits }: TrainableVersionFragment): number {
  return splits.find(({ name }) => name === 'train')?.count ?? 0
}

function unlabelledCountOf({ splits }: TrainableVersionFragment): number {
  return splits.find(({ name }) => name === 'unlabelled')?.count ?? 0
}

/** Validation errors by field. */
export function checkRun(
  values: RunValues,
  preset: Preset,
  version: TrainableVersionFragment | undefined,
): Record<string, string> {
  const errors = checkRecipe(values.recipe, recipeOfPreset(preset))
  const misfit =
    version &&
    checkRecipeFits(
      {
        batchSize: Number(readAt(values.recipe, 'batchSize')),
        validationShare: Number(readAt(values.recipe, 'validationShare') ?? 0),
        unlabelledRatio: Number(readAt(values.recipe, 'unlabelledRatio') ?? 0),
      },
      trainCountOf(version),
      unlabelledCountOf(version),
    )
  if (misfit) errors[`recipe.${misfit.path[0]}`] ??= sentence(misfit.reason)
  if (!values.cohortId) errors.cohortId = 'Choose a cohort.'
  if (!values.datasetVersionId) errors.datasetVersionId = 'Choose a dataset.'
  const seed = checkNumber(values.seed, seedRange)
  if (seed) errors.seed = seed
  return errors
}
