'use client'

import { ActionIcon, Badge, Button, Select, TextInput, Tooltip } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconCopy, IconPlus, IconTrash } from '@tabler/icons-react'
import { fewestStudents, MAX_STUDENTS } from '../../../contract/cohort.ts'
import type { ArchitectureFamily } from './architecture-families.ts'
import { type CohortValues, nextStudent } from './cohort-form-values.ts'

interface Props {
  form: UseFormReturnType<CohortValues>
  families: ArchitectureFamily[]
  /** Names that no new student gets. */
  others?: readonly string[]
}

/** The cohort's students: a name and an architecture per row, which can be duplicated and removed. */
export function StudentRows({ form, families, others }: Props) {
  const { students, method, finishedModelId } = form.getValues()
  const isFinished = (index: number) => method === 'DISTILLATION' && index === 0 && finishedModelId !== null
  const fewest = fewestStudents(method)
  const full = students.length >= MAX_STUDENTS
  const add = (architecture: string, at: number) =>
    form.insertListItem('students', nextStudent(students, architecture, others), at)
  return (
    <div>
      <ol className="m-0 flex list-none flex-col gap-3 p-0">
        {students.map((student, index) => (
          <li key={student.key} className="flex items-start gap-2">
            <TextInput
              className="min-w-0 flex-1"
              aria-label={`Name of student ${index + 1}`}
              rightSectionWidth={82}
              rightSection={
                method === 'DISTILLATION' && index === 0 ? (
                  <Badge size="sm" variant="light" className="normal-case">
                    teacher
                  </Badge>
                ) : undefined
              }
              {...form.getInputProps(`students.${index}.name`)}
            />
            <Select
              className="min-w-0 flex-1"
              aria-label={`Architecture of student ${index + 1}`}
              data={families.map(({ title, names }) => ({ group: title, items: names }))}
              searchable
              maxDropdownHeight={320}
              allowDeselect={false}
              disabled={isFinished(index)}
              {...form.getInputProps(`students.${index}.architecture`)}
              onChange={(architecture) => {
                form.setFieldValue(`students.${index}.architecture`, architecture ?? '')
                // Weights are of one architecture.
                form.setFieldValue(`students.${index}.startModelId`, null)
                form.setFieldValue(`students.${index}.startWeightsId`, null)
              }}
            />
            <Tooltip label="Duplicate">
              <ActionIcon
                size={36}
                aria-label={`Duplicate student ${index + 1}`}
                disabled={full}
                onClick={() => add(student.architecture, index + 1)}
              >
                <IconCopy size={17} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={students.length <= fewest ? `A cohort needs ${fewest}` : 'Remove'}>
              <ActionIcon
                size={36}
                aria-label={`Remove student ${index + 1}`}
                disabled={students.length <= fewest || isFinished(index)}
                onClick={() => form.removeListItem('students', index)}
              >
                <IconTrash size={17} />
              </ActionIcon>
            </Tooltip>
          </li>
        ))}
      </ol>
      <Button
        mt="md"
        variant="default"
        leftSection={<IconPlus size={16} />}
        disabled={full}
        onClick={() => add(students.at(-1)?.architecture ?? families[0]?.names[0] ?? '', students.length)}
      >
        Add student
      </Button>
    </div>
  )
}
