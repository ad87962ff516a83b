import type { RunFormChoicesQuery } from '../../graphql/generated/operations.ts'
import type { RecipeShape } from './recipe-words.ts'

export interface RunValues {
  cohortId: string | null
  datasetVersionId: string | null
  preset: string
  epochs: number | string
  batchSize: number | string
  learningRate: number | string
  seed: number | string
}

export type Preset = RunFormChoicesQuery['recipePresets'][number]

/** The fields of a preset's recipe that the form lets a person change. */
export function fieldsOf(
  preset: Preset | undefined,
): Pick<RunValues, 'epochs' | 'batchSize' | 'learningRate'> {
  const recipe = preset?.recipe as RecipeShape | undefined
  return {
    epochs: recipe?.epochs ?? 1,
    batchSize: recipe?.batchSize ?? 64,
    learningRate: recipe?.learningRate ?? 0.1,
  }
}

/** What differs from the preset: only that is sent, so that the run says what a person chose. */
export function overridesOf(values: RunValues, preset: Preset | undefined): Record<string, unknown> {
  const usual = fieldsOf(preset)
  const changed = (['epochs', 'batchSize', 'learningRate'] as const).filter(
    (key) => values[key] !== usual[key],
  )
  const overrides: Record<string, unknown> = Object.fromEntries(changed.map((key) => [key, values[key]]))
  const schedule = (preset?.recipe as RecipeShape | undefined)?.schedule
  if (schedule?.warmupEpochs && typeof values.epochs === 'number' && schedule.warmupEpochs >= values.epochs) {
    // A warm-up as long as the training would be refused: half of it still warms up.
    overrides.schedule = { ...schedule, warmupEpochs: values.epochs / 2 }
  }
  return overrides
}

export function checkWhole(value: number | string, least: number, most: number): string | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? null
    : `Give a whole number from ${least} to ${most.toLocaleString('en')}.`
}

export const runRules = {
  cohortId: (value: string | null) => (value ? null : 'Choose a cohort.'),
  datasetVersionId: (value: string | null) => (value ? null : 'Choose a dataset.'),
  epochs: (value: number | string) => checkWhole(value, 1, 10_000),
  batchSize: (value: number | string) => checkWhole(value, 2, 4096),
  learningRate: (value: number | string) =>
    typeof value === 'number' && value > 0 && value <= 100 ? null : 'Give a number above 0, at most 100.',
  seed: (value: number | string) => checkWhole(value, 0, 2 ** 31 - 1),
}
