import { act, render, screen, waitFor } from '@testing-library/react'
import { useSyncExternalStore } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { RunsPage } from '../../../web/features/runs/runs-page.tsx'
import { TeamContext } from '../../../web/team-scope.ts'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

// As Next.js, which observes the history API.
const told = new Set<() => void>()
const replaceState = window.history.replaceState.bind(window.history)
window.history.replaceState = (...given) => {
  replaceState(...given)
  for (const tell of told) tell()
}
const listen = (tell: () => void) => {
  told.add(tell)
  return () => told.delete(tell)
}
vi.mock('next/navigation', () => ({
  useSearchParams: () => new URLSearchParams(useSyncExternalStore(listen, () => location.search)),
  useRouter: () => ({ push: () => {} }),
}))
vi.mock('../../../web/graphql/use-live.ts', () => ({ useLive: () => 'idle' }))

const team = { id: 'team_1', slug: 'lab', name: 'Lab', viewerRole: 'MEMBER' as const, deletionDueAt: null }
const connection = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } }

afterEach(() => window.history.replaceState(null, '', '/lab/runs'))

it('keeps the bar, and what has the focus in it, where runs are grouped', async () => {
  const { client } = createAnsweringClient(() => ({
    team: { __typename: 'Team', id: 'team_1', runViews: [], runGroups: [], runs: connection },
  }))
  window.history.replaceState(null, '', '/lab/runs?sort=-number')
  render(
    <Surroundings client={client}>
      <TeamContext value={{ team, base: '/lab', mayChange: true, mayAdminister: false }}>
        <RunsPage />
      </TeamContext>
    </Surroundings>,
  )
  await screen.findByText('No runs yet')
  const box = screen.getByLabelText('Search runs')
  act(() => box.focus())
  act(() => window.history.replaceState(null, '', '/lab/runs?group=COHORT'))
  await waitFor(() => expect(screen.queryByText('No runs yet')).toBeNull())
  await screen.findByText('Show all runs')
  expect(document.activeElement).toBe(box)
})
