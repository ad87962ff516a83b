'use client'

import { Button, NumberInput, Select } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { inputPropsOf } from '../../forms/number-range.ts'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { type RunFormChoicesQuery, StartRunDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { PresetReasons } from '../recipe/preset-reasons.tsx'
import { RecipeFields } from '../recipe/recipe-fields.tsx'
import { overridesOf, valuesOf } from '../recipe/recipe-values.ts'
import { RecipeWarnings } from '../recipe/recipe-warnings.tsx'
import { ResolvedRecipe } from '../recipe/resolved-recipe.tsx'
import {
  checkRun,
  firstRunValues,
  type Preset,
  type RunValues,
  recipeOfPreset,
  seedRange,
  trainCountOf,
  versionChoices,
} from './run-form-values.ts'
import { RunSubjectFields } from './run-subject-fields.tsx'

interface Props {
  choices: RunFormChoicesQuery
  cohortId: string | null
  datasetVersionId: string | null
}

export function NewRunForm({ choices, cohortId, datasetVersionId }: Props) {
  const presets = choices.recipePresets
  const [first] = useState(() => firstRunValues(choices, cohortId, datasetVersionId))
  const presetNamed = (name: string) => presets.find((preset) => preset.name === name) ?? first.preset
  const form = useForm({
    initialValues: first.values,
    validate: (values) =>
      checkRun(values, presetNamed(values.preset), versionWith(choices, values.datasetVersionId)),
  })
  const values = form.getValues()
  const version = versionWith(choices, values.datasetVersionId)
  const preset = presetNamed(values.preset)
  const choosePreset = (chosen: Preset) =>
    form.setValues({ preset: chosen.name, recipe: valuesOf(recipeOfPreset(chosen)) })
  const { submit, busy, problems } = useStartRun(form, preset)
  return (
    <form
      onSubmit={submit}
      aria-label="Start a run"
      noValidate
      className="grid items-start gap-5 lg:grid-cols-[1fr_320px]"
    >
      <div className="flex min-w-0 flex-col gap-5">
        <FormErrors messages={problems} />
        <Panel title="Cohort and dataset">
          <RunSubjectFields form={form} team={choices.team} />
        </Panel>
        <Panel title="Recipe">
          <div className="flex flex-col gap-4">
            <Select
              label="Preset"
              allowDeselect={false}
              data={presets.map(({ name, title }) => ({ value: name, label: title }))}
              description={preset.description}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('preset')}
              onChange={(name) => name && choosePreset(presetNamed(name))}
            />
            <PresetReasons recipe={preset.recipe} overrides={preset.overrides} />
            <RecipeFields form={form} preset={recipeOfPreset(preset)}>
              <NumberInput label="Seed" {...inputPropsOf(seedRange)} {...form.getInputProps('seed')} />
            </RecipeFields>
          </div>
        </Panel>
        {version && (
          <RecipeWarnings
            values={values.recipe}
            preset={recipeOfPreset(preset)}
            trainCount={trainCountOf(version)}
          />
        )}
        <div>
          <Button type="submit" loading={busy}>
            Start run
          </Button>
        </div>
      </div>
      <ResolvedRecipe
        className="lg:sticky lg:top-8"
        values={values.recipe}
        preset={recipeOfPreset(preset)}
        presetTitle={preset.title}
        onReset={() => choosePreset(preset)}
      />
    </form>
  )
}

function versionWith({ team }: RunFormChoicesQuery, id: string | null) {
  return versionChoices(team).find(({ version }) => version.id === id)?.version
}

type RunForm = UseFormReturnType<RunValues, RunValues, (values: RunValues) => Record<string, string>>

function useStartRun(form: RunForm, preset: Preset) {
  const { base } = useTeam()
  const router = useRouter()
  const [startRun, busy] = useMutationWithRetry(StartRunDocument, { refetchQueries: ['Runs', 'TeamHome'] })
  const [problems, setProblems] = useState<string[]>([])
  // A double click, or a retry after a network failure, must not start two runs.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const submit = form.onSubmit(async ({ cohortId, datasetVersionId, recipe, seed }) => {
    const overrides = overridesOf(recipe, recipeOfPreset(preset))
    const answer = await startRun({
      input: {
        cohortId: cohortId ?? '',
        datasetVersionId: datasetVersionId ?? '',
        preset: preset.name,
        recipe: Object.keys(overrides).length > 0 ? overrides : null,
        seed: Number(seed),
        idempotencyKey,
      },
    })
    if (!answer) return
    const { run, errors } = answer.startRun
    setProblems(showFieldErrors(form, errors, Object.keys(form.getValues())))
    if (run) router.push(`${base}/runs/${run.number}`)
  })
  return { submit, busy, problems }
}
