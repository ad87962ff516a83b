'use client'

import { Button, Select, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Facts } from '../../design/facts.tsx'
import { formatCount } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { FormTrouble } from '../../design/trouble.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { type RunFormChoicesQuery, StartRunDocument } from '../../graphql/generated/operations.ts'
import { useChange } from '../../graphql/use-change.tsx'
import { useTeam } from '../../team-scope.ts'
import { listStudents } from '../cohorts/list-students.ts'
import { PresetReasons } from '../recipe/preset-reasons.tsx'
import { RecipeFields } from '../recipe/recipe-fields.tsx'
import { overridesOf, valuesOf } from '../recipe/recipe-values.ts'
import { describeRecipe, listChanges, type RecipeShape } from '../recipe/recipe-words.ts'
import { checkRun, type RunValues } from './run-form-values.ts'

const USUAL_PRESET = 'quick'

interface Props {
  choices: RunFormChoicesQuery
  cohortId: string | null
  datasetVersionId: string | null
}

export function NewRunForm({ choices, cohortId, datasetVersionId }: Props) {
  const { base } = useTeam()
  const router = useRouter()
  const [startRun, busy] = useChange(StartRunDocument, { refetchQueries: ['Runs', 'TeamHome'] })
  const [problems, setProblems] = useState<string[]>([])
  // Pressing twice, or trying again after a broken line, must not start two runs.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const cohorts = choices.team?.cohorts.edges.map(({ node }) => node) ?? []
  const datasets = (choices.team?.datasets.edges ?? []).flatMap(
    ({ node: { name, latestReadyVersion: version } }) => (version ? [{ name, version }] : []),
  )
  const presets = choices.recipePresets
  const usual = presets.find(({ name }) => name === USUAL_PRESET) ?? presets[0]!
  const form = useForm<RunValues>({
    initialValues: {
      cohortId: cohorts.find(({ id }) => id === cohortId)?.id ?? cohorts[0]?.id ?? null,
      datasetVersionId:
        datasets.find(({ version }) => version.id === datasetVersionId)?.version.id ??
        datasets[0]?.version.id ??
        null,
      preset: usual.name,
      recipe: valuesOf(usual.recipe as RecipeShape),
      seed: 1,
    },
    validate: checkRun,
  })
  const values = form.getValues()
  const preset = presets.find(({ name }) => name === values.preset) ?? usual
  const recipe = preset.recipe as RecipeShape
  const overrides = overridesOf(values.recipe, recipe)
  const changed = Object.keys(overrides)
  const choosePreset = (name: string | null) => {
    const chosen = presets.find((candidate) => candidate.name === name)
    if (chosen) form.setValues({ preset: chosen.name, recipe: valuesOf(chosen.recipe as RecipeShape) })
  }
  const submit = form.onSubmit(async (sent) => {
    const answer = await startRun({
      input: {
        cohortId: sent.cohortId ?? '',
        datasetVersionId: sent.datasetVersionId ?? '',
        preset: sent.preset,
        recipe: changed.length > 0 ? overrides : null,
        seed: Number(sent.seed),
        idempotencyKey,
      },
    })
    if (!answer) return
    const { run, errors } = answer.startRun
    setProblems(showFieldErrors(form, errors, Object.keys(form.getValues())))
    if (run) router.push(`${base}/runs/${run.number}`)
  })

  return (
    <form
      onSubmit={submit}
      aria-label="Start a run"
      noValidate
      className="grid items-start gap-5 lg:grid-cols-[1fr_320px]"
    >
      <div className="flex min-w-0 flex-col gap-5">
        <FormTrouble messages={problems} />
        <Panel title="Who and on what">
          <div className="grid gap-4 sm:grid-cols-2">
            <Select
              label="Cohort"
              searchable
              allowDeselect={false}
              data={cohorts.map(({ id, name }) => ({ value: id, label: name }))}
              description={listStudents(cohorts.find(({ id }) => id === values.cohortId)?.students ?? [])}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('cohortId')}
            />
            <Select
              label="Dataset"
              searchable
              allowDeselect={false}
              data={datasets.map(({ name, version }) => ({
                value: version.id,
                label: `${name}, version ${version.number}`,
              }))}
              description={describeData(
                datasets.find(({ version }) => version.id === values.datasetVersionId)?.version,
              )}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('datasetVersionId')}
            />
          </div>
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
              onChange={choosePreset}
            />
            <PresetReasons preset={preset} />
            <RecipeFields form={form} preset={recipe} changed={changed} />
          </div>
        </Panel>
        <div>
          <Button type="submit" loading={busy}>
            Start run
          </Button>
        </div>
      </div>
      <Panel title="Resolved recipe" className="lg:sticky lg:top-8">
        <Facts
          columns="grid-cols-2 lg:grid-cols-1 !gap-y-3"
          facts={describeRecipe({ ...recipe, ...overrides })}
        />
        {changed.length > 0 && (
          <>
            <Text size="xs" c="dimmed" mt="md">
              Differs from {preset.title} in {listChanges(changed)}.
            </Text>
            <Button variant="default" size="xs" mt="xs" onClick={() => choosePreset(preset.name)}>
              Back to the preset
            </Button>
          </>
        )}
      </Panel>
    </form>
  )
}

type Version = NonNullable<
  NonNullable<RunFormChoicesQuery['team']>['datasets']['edges'][number]['node']['latestReadyVersion']
>

function describeData(version: Version | undefined): string {
  if (!version) return ''
  const count = (wanted: string) =>
    formatCount(version.splits.find(({ name }) => name === wanted)?.count ?? 0)
  const size = `${version.width} × ${version.height}`
  return version.splits.some(({ name }) => name === 'query')
    ? `${count('train')} train, ${count('query')} queries, ${count('gallery')} in the gallery, ${version.classes.length} identities, ${size}`
    : `${count('train')} train, ${count('test')} test, ${version.classes.length} classes, ${size}`
}
