import { describe, expect, it } from 'vitest'
import { PRESET_NAMES, resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { overridesOf } from '../../../web/features/recipe/recipe-values.ts'
import { firstRunValues, recipeOfPreset, versionChoices } from '../../../web/features/runs/run-form-values.ts'
import type { RunFormChoicesQuery } from '../../../web/graphql/generated/operations.ts'
import { pageRun } from './page-run.ts'

type Team = NonNullable<RunFormChoicesQuery['team']>

const recipePresets = PRESET_NAMES.map((name) => ({
  __typename: 'RecipePreset' as const,
  name,
  title: name,
  description: '',
  recipe: resolveRecipe(name),
  overrides: [],
}))
const { cohort, datasetVersion } = pageRun()
const version = (id: string, number: number) => ({ ...datasetVersion, id, number, classes: ['a', 'b'] })

/** A team whose newest cohort and dataset are others than those of the run that is copied. */
function choices(run?: Partial<NonNullable<Team['run']>>): RunFormChoicesQuery {
  const source = {
    id: 'run_7',
    number: 7,
    preset: 'quick',
    recipe: resolveRecipe('quick'),
    seed: 7,
    cohort: { ...cohort, id: 'coh_old' },
    datasetVersion: { ...version('ver_old', 1), dataset: { id: 'ds_1', name: 'Shapes' } },
  }
  const team = {
    id: 'team_1',
    cohorts: { nodes: [{ ...cohort, id: 'coh_new' }] },
    datasets: {
      nodes: [{ id: 'ds_1', name: 'Shapes', latestReadyVersion: version('ver_new', 2) }],
    },
    ...(run && { run: { ...source, ...run } }),
  }
  return { team, recipePresets } as unknown as RunFormChoicesQuery
}

describe('the form that starts a run', () => {
  it('begins with the newest cohort and data where nothing else is asked for', () => {
    const { values } = firstRunValues(choices(), null, null)
    expect(values).toMatchObject({
      cohortId: 'coh_new',
      datasetVersionId: 'ver_new',
      preset: 'quick',
      seed: 1,
    })
  })

  it('begins with everything of the run that is copied, its recipe’s changes and its older data included', () => {
    const recipe = { ...resolveRecipe('quick'), epochs: 3, batchSize: 17 }
    const copied = choices({ recipe, seed: 42 })
    const { values, preset } = firstRunValues(copied, null, null)
    expect(values).toMatchObject({ cohortId: 'coh_old', datasetVersionId: 'ver_old', seed: 42 })
    expect(overridesOf(values.recipe, recipeOfPreset(preset))).toMatchObject({ epochs: 3, batchSize: 17 })
    expect(versionChoices(copied.team).map((choice) => choice.version.id)).toEqual(['ver_old', 'ver_new'])
  })

  it('begins with the preset of the run that is copied', () => {
    const name = PRESET_NAMES.find((other) => other !== 'quick') ?? 'quick'
    const { values, preset } = firstRunValues(
      choices({ preset: name, recipe: resolveRecipe(name) }),
      null,
      null,
    )
    expect(preset.name).toBe(name)
    expect(overridesOf(values.recipe, recipeOfPreset(preset))).toEqual({})
  })
})
