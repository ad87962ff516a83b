import type { InMemoryCache } from '@apollo/client'
import { useForm } from '@mantine/form'
import { fireEvent, render, screen } from '@testing-library/react'
import { useCallback, useState } from 'react'
import { expect, it } from 'vitest'
import { type CohortValues, firstValues, toInput } from '../../web/features/cohorts/cohort-form-values.ts'
import { StartFields } from '../../web/features/cohorts/start-fields.tsx'
import { StudentRows } from '../../web/features/cohorts/student-rows.tsx'
import { TeacherField } from '../../web/features/cohorts/teacher-field.tsx'
import { pagedList } from '../../web/graphql/paged-list.ts'
import { MOST_PAGES, useEveryPage } from '../../web/graphql/use-every-page.ts'
import { placeOf, TeamContext } from '../../web/team-scope.ts'
import { createAnsweringClient, Surroundings } from './runs/answering-client.tsx'

const datasetVersion = { __typename: 'DatasetVersion', id: 'ver_1', number: 1 }
const model = {
  __typename: 'Model',
  id: 'mdl_1',
  top1: 0.8125,
  rank1: null,
  student: { __typename: 'Student', id: 'stu_1', name: 'ada', architecture: 'convnet' },
  run: {
    __typename: 'Run',
    id: 'run_1',
    number: 7,
    datasetVersion: { ...datasetVersion, dataset: { __typename: 'Dataset', id: 'dat_1', name: 'Pets' } },
  },
}
const lastPage = { __typename: 'PageInfo', hasNextPage: false, endCursor: null as string | null }
const models = {
  __typename: 'ModelConnection',
  totalCount: 1,
  edges: [{ __typename: 'ModelEdge', cursor: 'm1', node: model }],
  pageInfo: lastPage,
}
const fit = { __typename: 'WeightsFit', images: 'UP_TO_64_PIXELS', matched: 15, total: 15, unusedCount: 0 }
const weights = {
  ...{ __typename: 'GivenWeights', id: 'wts_1', name: 'Published', status: 'READY', classCount: null },
  fits: [
    { ...fit, architecture: 'convnet', new: [], newCount: 0 },
    {
      ...{ ...fit, architecture: 'convnet', images: 'ABOVE_64_PIXELS', matched: 14 },
      ...{ new: [{ __typename: 'NewTensor', name: 'stem/kernel' }], newCount: 1 },
    },
  ],
}
const refused = { ...weights, id: 'wts_2', name: 'Broken', status: 'REFUSED', fits: [] }
const older = { ...weights, id: 'wts_3', name: 'The oldest' }
/** On two pages. */
const givenWeights = (after: unknown) => ({
  ...{ __typename: 'GivenWeightsConnection', totalCount: 3 },
  edges: (after === 'w2' ? [older] : [weights, refused]).map((node) => ({
    ...{ __typename: 'GivenWeightsEdge', cursor: node.id, node },
  })),
  pageInfo: after === 'w2' ? lastPage : { ...lastPage, hasNextPage: true, endCursor: 'w2' },
})
const team = { id: 'team_1', slug: 'pets', name: 'Pets', viewerRole: 'OWNER', deletionDueAt: null }

const sent: ReturnType<typeof toInput>['students'][] = []
const families = [{ title: 'Small', description: '', names: ['resnet-8', 'convnet'] }]

function Fields({ method }: Pick<CohortValues, 'method'>) {
  const form = useForm<CohortValues>({ initialValues: { ...firstValues('resnet-8'), method } })
  sent.push(toInput(form.getValues(), 'team_1').students)
  return (
    <>
      {method === 'DISTILLATION' && <TeacherField form={form} />}
      <StudentRows form={form} families={families} />
      <StartFields form={form} />
    </>
  )
}

function show(method: CohortValues['method'] = 'MUTUAL') {
  const { client } = createAnsweringClient((_, { after }) => ({
    team: { __typename: 'Team', id: 'team_1', models, givenWeights: givenWeights(after) },
  }))
  ;(client.cache as InMemoryCache).policies.addTypePolicies({
    Team: { fields: { givenWeights: pagedList(['first']) } },
  })
  render(
    <Surroundings client={client}>
      <TeamContext value={placeOf(team as never)}>
        <Fields method={method} />
      </TeamContext>
    </Surroundings>,
  )
}

it('begins a student with a file of weights, told what matches, and with none that was refused', async () => {
  show()
  fireEvent.click(screen.getByRole('combobox', { name: 'student-1 begins with' }))
  const option = await screen.findByRole('option', { name: 'Published (convnet), a file' })
  await screen.findByRole('option', { name: 'The oldest (convnet), a file' })
  expect(screen.queryByRole('option', { name: /Broken/ })).toBeNull()
  fireEvent.click(option)
  expect(sent.at(-1)).toMatchObject([
    { architecture: 'convnet', startWeightsId: 'wts_1', startModelId: null },
    { architecture: 'resnet-8', startWeightsId: null },
  ])
  screen.getByText(
    'All 15 tensors match for images up to 64 pixels; 14 of 15 tensors match for images above 64 pixels, new: stem/kernel. The classifier is new: the file does not tell its classes.',
  )
})

it('begins a student with a trained model, whose architecture it takes, until it gets another', async () => {
  show()
  fireEvent.click(screen.getByRole('combobox', { name: 'student-2 begins with' }))
  fireEvent.click(
    await screen.findByRole('option', { name: /^ada \(convnet\) of run 7, .* on Pets version 1$/ }),
  )
  expect(sent.at(-1)).toMatchObject([
    { architecture: 'resnet-8', startModelId: null },
    { architecture: 'convnet', startModelId: 'mdl_1' },
  ])
  fireEvent.click(screen.getByRole('combobox', { name: 'Architecture of student 2' }))
  const others = await screen.findAllByRole('option', { name: 'resnet-8' })
  fireEvent.click(others.at(-1)!)
  expect(sent.at(-1)).toMatchObject([{}, { architecture: 'resnet-8', startModelId: null }])
})

it('forgets what the first student begins with where it becomes a finished model of another architecture', async () => {
  const student = { ...model.student, id: 'stu_2', name: 'ben', architecture: 'resnet-8' }
  const other = { ...model, id: 'mdl_2', student }
  models.edges.push({ __typename: 'ModelEdge', cursor: 'm2', node: other })
  show('DISTILLATION')
  const choose = async (field: string, option: string | RegExp) => {
    const box = screen.getByRole('combobox', { name: field })
    fireEvent.click(box)
    const options = await screen.findAllByRole('option', { name: option })
    const list = box.getAttribute('aria-controls')
    fireEvent.click(options.find((one) => one.closest('[role=listbox]')?.id === list)!)
  }
  await choose('student-1 begins with', 'Published (convnet), a file')
  expect(sent.at(-1)).toMatchObject([{ architecture: 'convnet', startWeightsId: 'wts_1' }, {}])
  await choose('Teacher', /^ben \(resnet-8\)/)
  await choose('Teacher', 'Train the first student first')
  const nothing = { finishedModelId: null, startWeightsId: null, startModelId: null }
  expect(sent.at(-1)).toMatchObject([{ architecture: 'resnet-8', ...nothing }, {}])
  models.edges.pop()
})

function Endless() {
  const [pages, setPages] = useState(1)
  const fetchMore = useCallback(async () => {
    await new Promise((resolve) => setTimeout(resolve))
    setPages((before) => before + 1)
  }, [])
  useEveryPage({ hasNextPage: true, endCursor: `${pages}` }, fetchMore)
  return <output>{pages} pages</output>
}

it('asks for no more pages than anybody chooses from, however many there are', async () => {
  render(<Endless />)
  await screen.findByText(`${MOST_PAGES} pages`)
  await new Promise((resolve) => setTimeout(resolve, 20))
  screen.getByText(`${MOST_PAGES} pages`)
})
