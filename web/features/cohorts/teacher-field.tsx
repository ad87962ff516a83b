'use client'

import { useQuery } from '@apollo/client/react'
import { Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { formatShare } from '../../design/format-numbers.ts'
import { TeacherModelsDocument, type TeacherModelsQuery } from '../../graphql/generated/operations.ts'
import { useEveryPage } from '../../graphql/use-every-page.ts'
import { useTeam } from '../../team-scope.ts'
import type { CohortValues } from './cohort-form-values.ts'

const TRAINED_FIRST = 'trained-first'

export type TeacherModel = NonNullable<TeacherModelsQuery['team']>['models']['edges'][number]['node']

/** All of the team's finished models. */
export function useTeacherModels(slug: string): TeacherModel[] {
  const { data, fetchMore } = useQuery(TeacherModelsDocument, { variables: { slug } })
  const list = data?.team?.models
  useEveryPage(list?.pageInfo, fetchMore)
  return list?.edges.map(({ node }) => node) ?? []
}

/** Choice of a distillation's teacher: trained first, or one of the team's finished models. */
export function TeacherField({ form }: { form: UseFormReturnType<CohortValues> }) {
  const { team } = useTeam()
  const models = useTeacherModels(team.slug)
  const { finishedModelId } = form.getValues()
  const choose = (value: string | null) => {
    const model = models.find(({ id }) => id === value)
    form.setFieldValue('finishedModelId', model?.id ?? null)
    if (!model) return
    // A finished model has a fixed architecture, which weights chosen before may not fit.
    form.setFieldValue('students.0.architecture', model.student.architecture)
    form.setFieldValue('students.0.startModelId', null)
    form.setFieldValue('students.0.startWeightsId', null)
  }
  return (
    <Select
      mb="md"
      label="Teacher"
      description="A trained model can only teach what it was trained on: run the cohort on the same dataset version."
      data={[
        { value: TRAINED_FIRST, label: 'Train the first student first' },
        ...models.map((model) => ({ value: model.id, label: nameOfModel(model) })),
      ]}
      value={finishedModelId ?? TRAINED_FIRST}
      onChange={choose}
      searchable
      maxDropdownHeight={320}
      allowDeselect={false}
      error={form.errors.finishedModelId}
    />
  )
}

/** A finished model in a list to choose from. */
export function nameOfModel({ student, run, top1, rank1 }: TeacherModel): string {
  const { dataset, number } = run.datasetVersion
  const share = top1 ?? rank1
  const measured = share == null ? '' : `, ${formatShare(share)}`
  return `${student.name} (${student.architecture}) of run ${run.number}${measured}, on ${dataset.name} version ${number}`
}
