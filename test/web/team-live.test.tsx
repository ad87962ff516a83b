import { useQuery } from '@apollo/client/react'
import { render, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { useTeamLive } from '../../web/features/shell/use-team-live.ts'
import { MembersDocument } from '../../web/graphql/generated/operations.ts'
import { createAnsweringClient, Surroundings } from './runs/answering-client.tsx'

const stream = { tell: () => {} }
vi.mock('../../web/graphql/use-live.ts', () => ({
  useLive: (_document: unknown, _key: unknown, live: { onData: () => void }) => {
    stream.tell = live.onData
  },
}))

function Page({ hasMembers }: { hasMembers: boolean }) {
  useTeamLive('team_1')
  useQuery(MembersDocument, { variables: { slug: 'lab' }, skip: !hasMembers })
  return null
}

it.each([true, false])(
  'asks for the members again where they are shown (%s) and the team has changed',
  async (shown) => {
    const { client, asked } = createAnsweringClient(() => ({ viewer: null, team: null }))
    render(
      <Surroundings client={client}>
        <Page hasMembers={shown} />
      </Surroundings>,
    )
    const first = shown ? ['Members'] : []
    await waitFor(() => expect(asked).toEqual(first))
    stream.tell()
    await waitFor(() => expect(asked.toSorted()).toEqual([...first, ...first, 'Viewer']))
  },
)
