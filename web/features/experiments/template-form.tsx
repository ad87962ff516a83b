'use client'

import { Button, NumberInput, Radio, Select, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { TextLink } from '../../design/link-button.tsx'
import { Panel } from '../../design/panel.tsx'
import { checkNumber, inputPropsOf } from '../../forms/number-range.ts'
import type { ExperimentTemplatesQuery } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { ExperimentEstimateNote } from './estimate-note.tsx'
import { seedCountRange, USUAL_SEEDS } from './prove-it.ts'
import { useStartExperiment } from './use-start-experiment.ts'

type Template = ExperimentTemplatesQuery['experimentTemplates'][number]
type Dataset = NonNullable<ExperimentTemplatesQuery['team']>['datasets']['nodes'][number]

interface Props {
  templates: readonly Template[]
  datasets: readonly Dataset[]
}

/** One click for a template, with the dataset that it takes. */
export function TemplateForm({ templates, datasets }: Props) {
  const [name, setName] = useState(templates[0]?.name ?? '')
  const template = templates.find((one) => one.name === name)
  const [seeds, setSeeds] = useState<number | string>(template?.seeds ?? USUAL_SEEDS)
  const [chosenVersion, chooseVersion] = useState<string | null>(null)
  const { start, busy, problems } = useStartExperiment()
  if (!template) return null
  const versions = versionsFor(template, datasets)
  const versionId = versions.find(({ value }) => value === chosenVersion)?.value ?? versions[0]?.value ?? null
  const seedsProblem = checkNumber(seeds, seedCountRange)
  const experiment = seedsProblem ? null : withSeeds(template, Number(seeds))
  const choose = (next: string) => {
    setName(next)
    setSeeds(templates.find((one) => one.name === next)?.seeds ?? USUAL_SEEDS)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (versionId && experiment) void start(versionId, experiment)
  }
  return (
    <form onSubmit={submit} aria-label="Start an experiment" className="flex max-w-[760px] flex-col gap-5">
      <FormErrors messages={problems} />
      <Panel title="Experiment">
        <Radio.Group value={name} onChange={choose} aria-label="Experiment">
          <div className="flex flex-col gap-3">
            {templates.map((one) => (
              <Radio
                key={one.name}
                value={one.name}
                label={one.title}
                description={`${countOf(one.runs, 'run')} with ${countOf(one.seeds, 'seed')}; for ${one.data.name}`}
              />
            ))}
          </div>
        </Radio.Group>
      </Panel>
      <Panel title="Data and seeds">
        <div className="flex flex-col gap-4">
          <DatasetChoice
            template={template}
            versions={versions}
            versionId={versionId}
            onChoose={chooseVersion}
          />
          <NumberInput
            label="Number of seeds"
            {...inputPropsOf(seedCountRange)}
            value={seeds}
            onChange={setSeeds}
            error={seedsProblem}
            maw={220}
          />
          {versionId && experiment && (
            <ExperimentEstimateNote experiment={experiment} datasetVersionId={versionId} />
          )}
        </div>
      </Panel>
      <div>
        <Button type="submit" loading={busy} disabled={versionId === null}>
          Start experiment
        </Button>
      </div>
    </form>
  )
}

function DatasetChoice(props: {
  template: Template
  versions: { value: string; label: string }[]
  versionId: string | null
  onChoose: (versionId: string | null) => void
}) {
  const { base } = useTeam()
  const { data } = props.template
  const kind = data.kind === 'RETRIEVAL' ? 'identities' : 'labels'
  if (props.versions.length === 0)
    return (
      <Text size="sm">
        It takes a dataset of {kind}, such as {data.name} ({data.source}), and the team has none yet.{' '}
        <TextLink href={`${base}/datasets`} size="sm" underline="always">
          Add one
        </TextLink>
      </Text>
    )
  return (
    <Select
      label="Dataset"
      description={`Written for ${data.name} (${data.source}). All of the version’s images are used; edit the dataset for fewer.`}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      allowDeselect={false}
      data={props.versions}
      value={props.versionId}
      onChange={props.onChoose}
    />
  )
}

/** Versions of the template's kind, those of its own data first. */
function versionsFor({ data }: Template, datasets: readonly Dataset[]) {
  const isMeant = (name: string) => name.toLowerCase().includes(data.name.toLowerCase())
  return datasets
    .filter(({ kind }) => kind === data.kind)
    .toSorted((a, b) => Number(isMeant(b.name)) - Number(isMeant(a.name)))
    .flatMap(({ name, latestReadyVersion: version }) =>
      version ? [{ value: version.id, label: `${name}, version ${version.number}` }] : [],
    )
}

function withSeeds({ file }: Template, count: number): object {
  const seeds = Array.from({ length: count }, (_, i) => i + 1)
  return { ...(file as object), seeds }
}
