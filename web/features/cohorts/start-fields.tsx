'use client'

import { useQuery } from '@apollo/client/react'
import { NumberInput, Select, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { TextLink } from '../../design/link-button.tsx'
import { StartingWeightsDocument } from '../../graphql/generated/operations.ts'
import { useEveryPage } from '../../graphql/use-every-page.ts'
import { useTeam } from '../../team-scope.ts'
import { type CohortValues, frozenEpochsRange } from './cohort-form-values.ts'
import { type FittingWeights, StartNote } from './start-note.tsx'
import { nameOfModel, useTeacherModels } from './teacher-field.tsx'

const DRAWN = 'drawn'

/** For each student the model or file whose weights it begins with, and how long those stay as they are. */
export function StartFields({ form }: { form: UseFormReturnType<CohortValues> }) {
  const { team, base } = useTeam()
  const variables = { slug: team.slug }
  const models = useTeacherModels(team.slug)
  const files = useQuery(StartingWeightsDocument, { variables, fetchPolicy: 'cache-and-network' })
  const list = files.data?.team?.givenWeights
  useEveryPage(list?.pageInfo, files.fetchMore)
  const weights = list?.edges.map(({ node }) => node).filter(({ status }) => status === 'READY') ?? []
  const { students, method, finishedModelId } = form.getValues()
  const isFinished = (index: number) => method === 'DISTILLATION' && index === 0 && finishedModelId !== null
  const choose = (index: number, value: string | null) => {
    const model = models.find(({ id }) => id === value)
    const file = weights.find(({ id }) => id === value)
    const architecture = model?.student.architecture ?? architectureFor(file, students[index]?.architecture)
    if (architecture) form.setFieldValue(`students.${index}.architecture`, architecture)
    form.setFieldValue(`students.${index}.startModelId`, model?.id ?? null)
    form.setFieldValue(`students.${index}.startWeightsId`, file?.id ?? null)
  }
  return (
    <div className="flex flex-col gap-3">
      <Text size="sm" c="dimmed">
        A student can go on from a trained model, or from{' '}
        <TextLink href={`${base}/weights`} underline="always">
          weights
        </TextLink>{' '}
        of elsewhere: on other images, too, for search as well as for classes. It takes their architecture and
        all of their layers; the classifier is new unless the classes are the same, and images are normalised
        as those weights expect, for the whole cohort. The run’s log lists what matched before the first step.
      </Text>
      {students.map((student, index) => (
        <div key={student.key}>
          <Select
            label={`${student.name || `Student ${index + 1}`} begins with`}
            data={[
              { value: DRAWN, label: 'What the seed draws' },
              ...models.map((model) => ({ value: model.id, label: nameOfModel(model) })),
              ...weights.map(({ id, name, fits: [best] }) => ({
                value: id,
                label: `${name} (${best?.architecture}), a file`,
              })),
            ]}
            value={(!isFinished(index) && (student.startModelId ?? student.startWeightsId)) || DRAWN}
            onChange={(value) => choose(index, value)}
            disabled={isFinished(index)}
            searchable
            maxDropdownHeight={320}
            allowDeselect={false}
            error={
              form.errors[`students.${index}.startModelId`] ?? form.errors[`students.${index}.startWeightsId`]
            }
          />
          <StartNote
            weights={weights.find(({ id }) => id === student.startWeightsId)}
            architecture={student.architecture}
          />
        </div>
      ))}
      <NumberInput
        label="Frozen epochs"
        description="For so many epochs only what is new learns, the classifier above all."
        min={frozenEpochsRange.min}
        max={frozenEpochsRange.max}
        allowDecimal={false}
        disabled={students.every(
          ({ startModelId, startWeightsId }) => startModelId === null && startWeightsId === null,
        )}
        {...form.getInputProps('frozenEpochs')}
      />
    </div>
  )
}

/** The student's own where the weights fit it, else the one that they fit best. */
function architectureFor(file: FittingWeights | undefined, own: string | undefined): string | undefined {
  const fitting = file?.fits.find(({ architecture }) => architecture === own) ?? file?.fits[0]
  return fitting?.architecture
}
