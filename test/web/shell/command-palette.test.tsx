import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CommandPalette, openCommandPalette } from '../../../web/features/shell/command-palette.tsx'
import interfaces from '../../../web/graphql/generated/possible-types.ts'
import { Surroundings } from '../runs/answering-client.tsx'

const push = vi.fn()
beforeEach(() => void push.mockClear())
afterEach(cleanup)
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }))

const RUN = {
  ...{ __typename: 'Run', id: 'run_1', number: 1, status: 'SUCCEEDED' },
  cohort: { __typename: 'Cohort', id: 'coh_1', name: 'Two' },
}

/** A server that answers searches when it is told to, and at once with the newest runs. */
function openServer(newest: object[] = []) {
  const server = { answer: () => {} }
  const link = new ApolloLink(
    ({ operationName }) =>
      new Observable((observer) => {
        const send = (team: object) => {
          observer.next({ data: { team: { __typename: 'Team', id: 'team_1', ...team } } })
          observer.complete()
        }
        if (operationName === 'TeamSearch') server.answer = () => send({ search: [RUN] })
        else send({ runs: { __typename: 'RunConnection', edges: newest.map((node) => ({ node })) } })
      }),
  )
  return { server, client: new ApolloClient({ link, cache: new InMemoryCache(interfaces) }) }
}

it('goes by Enter to the first thing found, also where the server answers after the last key', async () => {
  const { server, client } = openServer()
  render(
    <Surroundings client={client}>
      <CommandPalette slug="lab" />
    </Surroundings>,
  )
  act(openCommandPalette)
  const box = await screen.findByRole('textbox', { name: 'Find anything by name' })
  fireEvent.change(box, { target: { value: 'Run 1' } })
  await screen.findByText('Searching')
  await new Promise((resolve) => setTimeout(resolve, 300))
  act(() => server.answer())
  await screen.findByText('Two, succeeded')
  fireEvent.keyDown(box, { key: 'Enter', code: 'Enter' })
  expect(push).toHaveBeenCalledWith('/lab/runs/1')
})

it('goes by Enter to a run in sight while the server still looks for the words', async () => {
  const { client } = openServer([RUN])
  render(
    <Surroundings client={client}>
      <CommandPalette slug="lab" />
    </Surroundings>,
  )
  act(openCommandPalette)
  const box = await screen.findByRole('textbox', { name: 'Find anything by name' })
  await screen.findByText('Two, succeeded')
  fireEvent.change(box, { target: { value: 'Run 1' } })
  await new Promise((resolve) => setTimeout(resolve, 300))
  fireEvent.keyDown(box, { key: 'Enter', code: 'Enter' })
  expect(push).toHaveBeenCalledWith('/lab/runs/1')
})

it('goes to the first thing found where Enter came before it', async () => {
  const { server, client } = openServer()
  render(
    <Surroundings client={client}>
      <CommandPalette slug="lab" />
    </Surroundings>,
  )
  act(openCommandPalette)
  const box = await screen.findByRole('textbox', { name: 'Find anything by name' })
  fireEvent.change(box, { target: { value: 'Run 1' } })
  await screen.findByText('Searching')
  await new Promise((resolve) => setTimeout(resolve, 300))
  fireEvent.keyDown(box, { key: 'Enter', code: 'Enter' })
  act(() => server.answer())
  await waitFor(() => expect(push).toHaveBeenCalledWith('/lab/runs/1'))
})
