'use client'

import { useQuery } from '@apollo/client/react'
import { NumberInput, Select, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { TeacherModelsDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { type CohortValues, frozenEpochsRange } from './cohort-form-values.ts'
import { nameOfModel } from './teacher-field.tsx'

const DRAWN = 'drawn'

/** For each student the finished model whose weights it begins with, and how long those stay as they are. */
export function StartFields({ form }: { form: UseFormReturnType<CohortValues> }) {
  const { team } = useTeam()
  const { data } = useQuery(TeacherModelsDocument, { variables: { slug: team.slug } })
  const models = data?.team?.models.edges.map(({ node }) => node) ?? []
  const { students, method, finishedModelId } = form.getValues()
  const isFinished = (index: number) => method === 'DISTILLATION' && index === 0 && finishedModelId !== null
  const choose = (index: number, value: string | null) => {
    const model = models.find(({ id }) => id === value)
    if (model) form.setFieldValue(`students.${index}.architecture`, model.student.architecture)
    form.setFieldValue(`students.${index}.startModelId`, model?.id ?? null)
  }
  return (
    <div className="flex flex-col gap-3">
      <Text size="sm" c="dimmed">
        A student can go on from a trained model: on other images, too, for search as well as for classes. It
        takes its architecture and all of its layers; the classifier is new unless the classes are the same,
        and images are normalised as that model knows them, for the whole cohort. The run’s log lists what
        matched before the first step.
      </Text>
      {students.map((student, index) => (
        <Select
          key={student.key}
          label={`${student.name || `Student ${index + 1}`} begins with`}
          data={[
            { value: DRAWN, label: 'What the seed draws' },
            ...models.map((model) => ({ value: model.id, label: nameOfModel(model) })),
          ]}
          value={(!isFinished(index) && student.startModelId) || DRAWN}
          onChange={(value) => choose(index, value)}
          disabled={isFinished(index)}
          searchable
          maxDropdownHeight={320}
          allowDeselect={false}
          error={form.errors[`students.${index}.startModelId`]}
        />
      ))}
      <NumberInput
        label="Frozen epochs"
        description="For so many epochs only what is new learns, the classifier above all."
        min={frozenEpochsRange.min}
        max={frozenEpochsRange.max}
        allowDecimal={false}
        disabled={students.every(({ startModelId }) => startModelId === null)}
        {...form.getInputProps('frozenEpochs')}
      />
    </div>
  )
}
