'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Skeleton, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { BackLink } from '../../design/back-link.tsx'
import { Disclosure } from '../../design/disclosure.tsx'
import { ErrorNotice, FormErrors } from '../../design/error-notice.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import {
  ArchitecturesDocument,
  type ArchitecturesQuery,
  CreateCohortDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { TeachingDrawing } from '../teaching/teaching-drawing.tsx'
import { groupByFamily } from './architecture-families.ts'
import { type CohortValues, cohortRules, firstValues, toInput } from './cohort-form-values.ts'
import { StartFields } from './start-fields.tsx'
import { StudentRows } from './student-rows.tsx'
import { TeacherField } from './teacher-field.tsx'
import { TeachingFields } from './teaching-fields.tsx'

const USUAL_ARCHITECTURE = 'resnet-20'

export function NewCohortPage() {
  const { base } = useTeam()
  const { data, error, refetch } = useQuery(ArchitecturesDocument)
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/cohorts`}>Cohorts</BackLink>}
        title="New cohort"
        note="Students, and how they teach each other. A cohort cannot be changed; create another instead."
      />
      {error && !data ? (
        <ErrorNotice
          title="The architectures could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : data ? (
        <CohortForm architectures={data.architectures} />
      ) : (
        <Skeleton height={420} maw={760} />
      )}
    </>
  )
}

function CohortForm({ architectures }: { architectures: ArchitecturesQuery['architectures'] }) {
  const { team, base } = useTeam()
  const router = useRouter()
  const [createCohort, busy] = useMutationWithRetry(CreateCohortDocument, {
    refetchQueries: ['Cohorts', 'TeamHome'],
  })
  const [problems, setProblems] = useState<string[]>([])
  const names = architectures.map(({ name }) => name)
  const families = groupByFamily(architectures)
  const form = useForm<CohortValues>({
    initialValues: firstValues(names.includes(USUAL_ARCHITECTURE) ? USUAL_ARCHITECTURE : (names[0] ?? '')),
    validate: cohortRules,
  })
  const submit = form.onSubmit(async (values) => {
    const answer = await createCohort({ input: toInput(values, team.id) })
    if (!answer) return
    const { cohort, errors } = answer.createCohort
    const flat = errors.map((error) => ({ ...error, path: fieldPathOf(error.path) }))
    setProblems(placeErrors(form, flat))
    if (cohort) router.push(`${base}/cohorts/${cohort.id}`)
  })
  return (
    <form onSubmit={submit} aria-label="New cohort" className="flex max-w-[760px] flex-col gap-5" noValidate>
      <FormErrors messages={problems} />
      <Panel>
        <TextInput
          label="Cohort name"
          placeholder="Two ResNet-20"
          maxLength={NAME_LENGTHS.cohort}
          {...form.getInputProps('name')}
        />
      </Panel>
      <Panel
        title="Students"
        note={
          form.getValues().method === 'DISTILLATION' &&
          'The first student is the teacher: it is trained first, or is already trained, and the others learn from it.'
        }
      >
        {form.getValues().method === 'DISTILLATION' && <TeacherField form={form} />}
        <StudentRows form={form} families={families} />
        <div className="mt-4">
          <Disclosure label="Weights to begin with">
            <StartFields form={form} />
          </Disclosure>
        </div>
        <div className="mt-4">
          <Disclosure label="The networks">
            <dl className="m-0 flex flex-col gap-3">
              {families.map(({ title, description, names: members }) => (
                <div key={title}>
                  <dt className="text-sm font-medium">{title}</dt>
                  <Text component="dd" size="sm" c="dimmed" m={0}>
                    {description} Offered: {members.join(', ')}.
                  </Text>
                </div>
              ))}
            </dl>
          </Disclosure>
        </div>
      </Panel>
      <Panel title="Teaching">
        <TeachingFields form={form} />
        <div className="mt-5">
          <TeachingDrawing students={form.getValues().students} teaching={form.getValues()} />
        </div>
      </Panel>
      <div>
        <Button type="submit" loading={busy}>
          Create cohort
        </Button>
      </div>
    </form>
  )
}

/**
 * Maps an error's path to the form's field: the form has teaching flattened, and the teacher outside the
 * students.
 */
function fieldPathOf(path: string[]): string[] {
  if (path[0] === 'teaching' && path.length > 1) return path.slice(1)
  return path.at(-1) === 'finishedModelId' ? ['finishedModelId'] : path
}

/** Errors about the list of students as a whole have no field and are returned. */
function placeErrors(
  form: Parameters<typeof showFieldErrors>[0],
  errors: Parameters<typeof showFieldErrors>[1],
): string[] {
  const whole = errors.filter(({ path }) => path[0] === 'students' && path.length < 3)
  const others = errors.filter((error) => !whole.includes(error))
  const fields = [
    'name',
    'students',
    'finishedModelId',
    'method',
    'updateRule',
    'partnerRule',
    'temperature',
    'weight',
  ]
  return [...whole.map(({ message }) => message), ...showFieldErrors(form, others, fields)]
}
