import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'
import type { LiveEvent, PageRun } from '../../../web/features/runs/live/run-feed.ts'
import { useRunFeed } from '../../../web/features/runs/live/use-run-feed.ts'
import { Surroundings } from './answering-client.tsx'
import { pageRun, statusEvent } from './page-run.ts'

/** A server with one run, whose events are sent to whoever listens. */
function openServer(run: PageRun) {
  const server = { run, send: (_: LiveEvent) => {} }
  const link = new ApolloLink(
    ({ operationName }) =>
      new Observable((observer) => {
        if (operationName === 'RunEvents') {
          server.send = (event) => observer.next({ data: { runEvents: event } })
          return
        }
        observer.next({ data: { team: { __typename: 'Team', id: 'team_1', run: server.run } } })
        observer.complete()
      }),
  )
  return { server, client: new ApolloClient({ link, cache: new InMemoryCache() }) }
}

it('learns who trains a run, and with how many threads, as soon as that is known', async () => {
  const waiting = pageRun({ threadsPerOperation: null })
  const { server, client } = openServer(waiting)
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Surroundings client={client}>{children}</Surroundings>
  )
  const page = renderHook(() => useRunFeed('lab', 1), { wrapper })
  const shown = () => page.result.current.feed?.run
  await waitFor(() => expect(shown()?.status).toBe('QUEUED'))

  const starting = { status: 'STARTING', phase: 'LOADING', attempt: 1 } as const
  server.run = { ...waiting, ...starting, workerName: 'worker-1', lastSeq: 1 }
  act(() => server.send(statusEvent(1, starting)))
  await waitFor(() => expect(shown()?.workerName).toBe('worker-1'))
  expect(shown()?.threadsPerOperation).toBeNull()

  const running = { status: 'RUNNING', phase: 'CAPTURING', attempt: 1 } as const
  server.run = { ...server.run, ...running, threadsPerOperation: 2, lastSeq: 2 }
  act(() => server.send(statusEvent(2, running)))
  await waitFor(() => expect(shown()?.threadsPerOperation).toBe(2))
})
