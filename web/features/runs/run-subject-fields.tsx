import { Select } from '@mantine/core'
import { formatCount } from '../../design/format-numbers.ts'
import type { RunFormChoicesQuery, TrainableVersionFragment } from '../../graphql/generated/operations.ts'
import { listStudents } from '../cohorts/list-students.ts'
import { cohortChoices, versionChoices } from './run-form-values.ts'

interface Props {
  form: {
    getValues(): { cohortId: string | null; datasetVersionId: string | null }
    // biome-ignore lint/suspicious/noExplicitAny: Mantine's own type; the result is passed to an input
    getInputProps(path: string): any
  }
  team: RunFormChoicesQuery['team']
}

/** Fields for the cohort to train and the dataset to train it on. */
export function RunSubjectFields({ form, team }: Props) {
  const { cohortId, datasetVersionId } = form.getValues()
  const cohorts = cohortChoices(team)
  const datasets = versionChoices(team)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="Cohort"
        searchable
        allowDeselect={false}
        data={cohorts.map(({ id, name }) => ({ value: id, label: name }))}
        description={listStudents(cohorts.find(({ id }) => id === cohortId)?.students ?? [])}
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
        description={describeData(datasets.find(({ version }) => version.id === datasetVersionId)?.version)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        {...form.getInputProps('datasetVersionId')}
      />
    </div>
  )
}

function describeData(version: TrainableVersionFragment | undefined): string {
  if (!version) return ''
  const count = (wanted: string) =>
    formatCount(version.splits.find(({ name }) => name === wanted)?.count ?? 0)
  const size = `${version.width} × ${version.height}`
  return version.splits.some(({ name }) => name === 'query')
    ? `${count('train')} train, ${count('query')} queries, ${count('gallery')} in the gallery, ${version.classes.length} identities, ${size}`
    : `${count('train')} train, ${count('test')} test, ${version.classes.length} classes, ${size}`
}
