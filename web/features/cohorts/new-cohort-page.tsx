'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MAX_STUDENTS } from '../../../contract/cohort.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { BackLink } from '../../design/back-link.tsx'
import { Disclosure } from '../../design/disclosure.tsx'
import { ErrorNotice, FormErrors } from '../../design/error-notice.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import {
  CreateCohortDocument,
  NetworksDocument,
  type NetworksQuery,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { TeachingDrawing } from '../teaching/teaching-drawing.tsx'
import { groupByFamily } from './architecture-families.ts'
import {
  type CohortValues,
  cohortRules,
  firstValues,
  nextStudent,
  studentsOf,
  toInput,
} from './cohort-form-values.ts'
import { CostNote } from './cost-note.tsx'
import { NetworksPanel } from './networks-panel.tsx'
import { placeErrors } from './place-errors.ts'
import { StartFields } from './start-fields.tsx'
import { StudentRows } from './student-rows.tsx'
import { TeacherField } from './teacher-field.tsx'
import { TeachingFields } from './teaching-fields.tsx'
import { TemplateButtons } from './template-buttons.tsx'

const USUAL_ARCHITECTURE = 'resnet-20'

export function NewCohortPage() {
  const { team, base } = useTeam()
  const [datasetVersionId, chooseVersion] = useUrlParameter('for')
  const { data, previousData, error, refetch } = useQuery(NetworksDocument, {
    variables: { slug: team.slug, datasetVersionId },
  })
  const found = (data ?? previousData)?.team
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/cohorts`}>Cohorts</BackLink>}
        title="New cohort"
        note="Students, and how they teach each other. A cohort cannot be changed; create another instead."
      />
      {error && !found ? (
        <ErrorNotice title="The networks could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : found ? (
        <CohortForm found={found} datasetVersionId={datasetVersionId} onChooseVersion={chooseVersion} />
      ) : (
        <Skeleton height={420} maw={760} />
      )}
    </>
  )
}

interface FormProps {
  found: NonNullable<NetworksQuery['team']>
  /** Of the dataset that sizes and scores are told of. */
  datasetVersionId: string | null
  onChooseVersion: (id: string | null) => void
}

function CohortForm({ found: { networks, datasets }, datasetVersionId, onChooseVersion }: FormProps) {
  const { team, base } = useTeam()
  const router = useRouter()
  const [createCohort, busy] = useMutationWithRetry(CreateCohortDocument, {
    refetchQueries: ['Cohorts', 'TeamHome'],
  })
  const [problems, setProblems] = useState<string[]>([])
  const names = networks.map(({ name }) => name)
  const families = groupByFamily(networks)
  const form = useForm<CohortValues>({
    initialValues: firstValues(names.includes(USUAL_ARCHITECTURE) ? USUAL_ARCHITECTURE : (names[0] ?? '')),
    validate: cohortRules,
  })
  const submit = form.onSubmit(async (values) => {
    const answer = await createCohort({ input: toInput(values, team.id) })
    if (!answer) return
    const { cohort, errors } = answer.createCohort
    setProblems(placeErrors(form, errors))
    if (cohort) router.push(`${base}/cohorts/${cohort.id}`)
  })
  const values = form.getValues()
  return (
    <form
      onSubmit={submit}
      aria-label="New cohort"
      noValidate
      className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_400px]"
    >
      <div className="flex min-w-0 flex-col gap-5">
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
            values.method === 'DISTILLATION' &&
            'The first student is the teacher: it is trained first, or is already trained, and the others learn from it.'
          }
        >
          <TemplateButtons
            onChoose={(architectures) =>
              form.setValues({ students: studentsOf(architectures), finishedModelId: null })
            }
          />
          {values.method === 'DISTILLATION' && <TeacherField form={form} />}
          <StudentRows form={form} families={families} />
          <div className="mt-4">
            <Disclosure label="Weights to begin with">
              <StartFields form={form} />
            </Disclosure>
          </div>
        </Panel>
        <NetworksPanel
          networks={networks}
          datasets={datasets.nodes}
          datasetVersionId={datasetVersionId}
          onChooseVersion={onChooseVersion}
          isFull={values.students.length >= MAX_STUDENTS}
          onAdd={(architecture) =>
            form.insertListItem('students', nextStudent(form.getValues().students, architecture))
          }
        />
        <Panel title="Teaching">
          <TeachingFields form={form} />
        </Panel>
        <div>
          <Button type="submit" loading={busy}>
            Create cohort
          </Button>
        </div>
      </div>
      <Panel title="The cohort" className="xl:sticky xl:top-8">
        <TeachingDrawing students={values.students} teaching={values} />
        <CostNote values={values} networks={networks} />
      </Panel>
    </form>
  )
}
