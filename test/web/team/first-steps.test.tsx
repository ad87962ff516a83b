import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { FirstSteps } from '../../../web/features/team/first-steps.tsx'
import { placeOf, TeamContext } from '../../../web/team-scope.ts'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

const push = vi.fn()
afterEach(cleanup)
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }))

const team = { id: 'team_1', slug: 'pets', name: 'Pets', viewerRole: 'OWNER', deletionDueAt: null }
type Home = Parameters<typeof FirstSteps>[0]['team']

function homeWith(dataset: object | null, cohort: object | null): Home {
  const edges = (node: object | null) => ({ edges: node ? [{ node }] : [] })
  return { ...team, datasets: edges(dataset), cohorts: edges(cohort) } as never
}

function answer(operation: string): object {
  const payload = (name: string, made: object) => ({
    [name]: { __typename: 'Payload', ...made, errors: [] },
  })
  if (operation === 'CreateSampleDataset')
    return payload('createSampleDataset', { dataset: { __typename: 'Dataset', id: 'dat_1', name: 'Sample' } })
  if (operation === 'StartRun')
    return payload('startRun', { run: { __typename: 'Run', id: 'run_1', number: 1 } })
  const cohort = { __typename: 'Cohort', id: 'coh_1', name: 'Ada and Grace', students: [] }
  return payload('createCohort', { cohort })
}

it('an example makes dataset and cohort, and starts their run once the images are imported', async () => {
  const sent: [string, unknown][] = []
  const { client } = createAnsweringClient((operation, { input }) => {
    sent.push([operation, input])
    return answer(operation)
  })
  const page = (home: Home) => (
    <Surroundings client={client}>
      <TeamContext value={placeOf(team as never)}>
        <FirstSteps team={home} onImported={() => {}} />
      </TeamContext>
    </Surroundings>
  )
  const { rerender } = render(page(homeWith(null, null)))
  fireEvent.click(screen.getByRole('button', { name: 'Try with an example' }))
  await waitFor(() => expect(sent.map(([name]) => name)).toEqual(['CreateSampleDataset', 'CreateCohort']))
  const cohort = { id: 'coh_1', name: 'Ada and Grace' }
  const dataset = { id: 'dat_1', name: 'Sample', versions: [{ id: 'ver_1', number: 1, status: 'PENDING' }] }
  rerender(page(homeWith({ ...dataset, versions: [], latestReadyVersion: null }, cohort)))
  expect(sent).toHaveLength(2)
  rerender(page(homeWith({ ...dataset, latestReadyVersion: { id: 'ver_1' } }, cohort)))
  await waitFor(() => expect(push).toHaveBeenCalledWith('/pets/runs/1'))
  expect(sent.slice(2)).toEqual([
    ['StartRun', expect.objectContaining({ cohortId: 'coh_1', datasetVersionId: 'ver_1', preset: 'quick' })],
  ])
})
