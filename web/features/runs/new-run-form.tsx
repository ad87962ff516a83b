'use client'

import { Button, NumberInput, Select } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { checkNumber, inputPropsOf } from '../../forms/number-range.ts'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { type RunFormChoicesQuery, StartRunDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import {
  type ProofWishes,
  proofOf,
  seedCountRange,
  USUAL_SEEDS,
  whyNotProven,
} from '../experiments/prove-it.ts'
import { ProveItPanel } from '../experiments/prove-it-panel.tsx'
import { useStartExperiment } from '../experiments/use-start-experiment.ts'
import { PresetReasons } from '../recipe/preset-reasons.tsx'
import { ChangedMark } from '../recipe/recipe-field.tsx'
import { RecipeFields } from '../recipe/recipe-fields.tsx'
import { overridesOf, valuesOf } from '../recipe/recipe-values.ts'
import { RecipeWarnings } from '../recipe/recipe-warnings.tsx'
import { ResolvedRecipe } from '../recipe/resolved-recipe.tsx'
import { RunEstimateNote } from './run-estimate-note.tsx'
import {
  checkRun,
  cohortChoices,
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
  /** Begin with the switch that makes it an experiment. */
  prove: boolean
}

export function NewRunForm({ choices, cohortId, datasetVersionId, prove }: Props) {
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
  const source = choices.team?.run
  const proof = useProof(prove, choices, values, preset)
  const startRun = useStartRun(form, preset, source?.id)
  const experiment = useStartExperiment()
  const startProof = form.onSubmit(async ({ datasetVersionId }) => {
    if (proof.experiment) await experiment.start(datasetVersionId ?? '', proof.experiment)
  })
  const problems = proof.isWanted ? experiment.problems : startRun.problems
  return (
    <form
      onSubmit={proof.isWanted ? startProof : startRun.submit}
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
            <RecipeFields form={form} compared={comparedRecipe(source, preset)}>
              <NumberInput
                label="Seed"
                description={
                  source && source.seed !== Number(values.seed) ? (
                    <>
                      <ChangedMark /> from {source.seed}
                    </>
                  ) : undefined
                }
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                {...inputPropsOf(seedRange)}
                {...form.getInputProps('seed')}
              />
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
        <ProveItPanel {...proof.panel} datasetVersionId={values.datasetVersionId} />
        {!proof.isWanted && values.cohortId && values.datasetVersionId && (
          <RunEstimateNote
            cohortId={values.cohortId}
            datasetVersionId={values.datasetVersionId}
            preset={preset.name}
            overrides={overridesOf(values.recipe, recipeOfPreset(preset))}
          />
        )}
        <div>
          <Button type="submit" loading={startRun.busy || experiment.busy}>
            {proof.isWanted ? 'Start experiment' : 'Start run'}
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

type Source = NonNullable<RunFormChoicesQuery['team']>['run']

/** What the form's fields are marked against: the run that is cloned, until another preset is chosen. */
function comparedRecipe(source: Source | undefined, preset: Preset) {
  return source && source.preset === preset.name
    ? { recipe: source.recipe as object, name: `Run ${source.number}` }
    : { recipe: recipeOfPreset(preset), name: 'Preset' }
}

function versionWith({ team }: RunFormChoicesQuery, id: string | null) {
  return versionChoices(team).find(({ version }) => version.id === id)?.version
}

/** The switch “prove it”, and the experiment that it makes of the form's values. */
function useProof(prove: boolean, choices: RunFormChoicesQuery, values: RunValues, preset: Preset) {
  const first = prove ? { seeds: USUAL_SEEDS, mayEndEarly: false } : null
  const [wishes, onChange] = useState<ProofWishes | null>(first)
  const cohort = cohortChoices(choices.team).find(({ id }) => id === values.cohortId)
  const dataset = versionChoices(choices.team).find(({ version }) => version.id === values.datasetVersionId)
  const obstacle = cohort ? whyNotProven(cohort) : 'Choose a cohort.'
  const seed = Number(values.seed)
  const isWanted = wishes !== null && obstacle === null
  const isReady = isWanted && Number.isInteger(seed) && checkNumber(wishes.seeds, seedCountRange) === null
  const experiment =
    isReady && cohort && dataset
      ? proofOf(
          {
            cohort,
            condition: dataset.name,
            preset: preset.name,
            overrides: overridesOf(values.recipe, recipeOfPreset(preset)),
            seed,
          },
          { ...wishes, seeds: Number(wishes.seeds) },
        )
      : null
  return { isWanted, experiment, panel: { wishes, onChange, obstacle, experiment } }
}

type RunForm = UseFormReturnType<RunValues, RunValues, (values: RunValues) => Record<string, string>>

function useStartRun(form: RunForm, preset: Preset, sourceRunId: string | undefined) {
  const { base } = useTeam()
  const router = useRouter()
  const [startRun, busy] = useMutationWithRetry(StartRunDocument, {
    refetchQueries: ['RunTable', 'TeamHome'],
  })
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
        sourceRunId,
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
