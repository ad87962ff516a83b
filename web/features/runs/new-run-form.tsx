'use client'

import { Button, NumberInput, Select, Text } from '@mantine/core'
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
import { listStudents } from '../cohorts/list-students.ts'
import { useTeam } from '../team/team-context.ts'
import { describeRecipe, listChanges } from './recipe-words.ts'
import { fieldsOf, overridesOf, type RunValues, runRules } from './run-form-values.ts'

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
  const usual = presets.find(({ name }) => name === USUAL_PRESET) ?? presets[0]
  const form = useForm<RunValues>({
    initialValues: {
      cohortId: cohorts.find(({ id }) => id === cohortId)?.id ?? cohorts[0]?.id ?? null,
      datasetVersionId:
        datasets.find(({ version }) => version.id === datasetVersionId)?.version.id ??
        datasets[0]?.version.id ??
        null,
      preset: usual?.name ?? USUAL_PRESET,
      ...fieldsOf(usual),
      seed: 1,
    },
    validate: runRules,
  })
  const values = form.getValues()
  const preset = presets.find(({ name }) => name === values.preset)
  const overrides = overridesOf(values, preset)
  const choosePreset = (name: string | null) => {
    const chosen = presets.find((candidate) => candidate.name === name)
    if (chosen) form.setValues({ preset: chosen.name, ...fieldsOf(chosen) })
  }
  const submit = form.onSubmit(async (sent) => {
    const answer = await startRun({
      input: {
        cohortId: sent.cohortId ?? '',
        datasetVersionId: sent.datasetVersionId ?? '',
        preset: sent.preset,
        recipe: Object.keys(overrides).length > 0 ? overrides : null,
        seed: Number(sent.seed),
        idempotencyKey,
      },
    })
    if (!answer) return
    const { run, errors } = answer.startRun
    const flat = errors.map((error) =>
      error.path[0] === 'recipe' ? { ...error, path: error.path.slice(1) } : error,
    )
    setProblems(showFieldErrors(form, flat, Object.keys(form.getValues())))
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
              description={preset?.description}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('preset')}
              onChange={choosePreset}
            />
            <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
              <NumberInput
                label="Epochs"
                min={1}
                max={10_000}
                allowDecimal={false}
                {...form.getInputProps('epochs')}
              />
              <NumberInput
                label="Batch size"
                min={2}
                max={4096}
                step={16}
                allowDecimal={false}
                {...form.getInputProps('batchSize')}
              />
              <NumberInput
                label="Learning rate"
                min={0}
                max={100}
                step={0.01}
                {...form.getInputProps('learningRate')}
              />
              <NumberInput label="Seed" min={0} allowDecimal={false} {...form.getInputProps('seed')} />
            </div>
          </div>
        </Panel>
        <div>
          <Button type="submit" loading={busy}>
            Start run
          </Button>
        </div>
      </div>
      <Panel title="Resolved recipe" className="lg:sticky lg:top-8">
        {preset && (
          <Facts
            columns="grid-cols-2 lg:grid-cols-1 !gap-y-3"
            facts={describeRecipe({ ...(preset.recipe as object), ...overrides })}
          />
        )}
        {Object.keys(overrides).length > 0 && (
          <Text size="xs" c="dimmed" mt="md">
            Differs from {preset?.title} in {listChanges(Object.keys(overrides))}.
          </Text>
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
  return `${count('train')} train, ${count('test')} test, ${version.classes.length} classes, ${version.width} × ${version.height}`
}
