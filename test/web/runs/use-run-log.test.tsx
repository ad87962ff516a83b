import type { ApolloClient } from '@apollo/client'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'
import { addLine, type LogLine, type LogTail, openTail } from '../../../web/features/runs/live/log-tail.ts'
import { useRunLog } from '../../../web/features/runs/log/use-run-log.ts'
import { createAnsweringClient, Surroundings } from './answering-client.tsx'
import { atOf } from './page-run.ts'

const line = (seq: number): LogLine => ({
  ...{ seq, at: atOf(seq), attempt: 1, level: 'INFO', source: 'TRAINING' },
  text: `line ${seq}`,
})
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** A server whose run has so many lines and no other event, in pages of ten. */
function openServer(count: number) {
  const server = { count, isAway: false }
  const { client, asked } = createAnsweringClient((_, { after }) => {
    if (server.isAway) return new TypeError('Failed to fetch')
    return { node: { __typename: 'Run', id: 'run_1', log: pageAfter(Number(after ?? 0), server.count) } }
  })
  return { server, client, timesAsked: () => asked.length }
}

function pageAfter(seq: number, count: number) {
  const nodes = range(seq + 1, Math.min(seq + 10, count)).map((one) => ({
    __typename: 'LogLine',
    ...line(one),
  }))
  const endCursor = nodes.at(-1)?.seq.toString() ?? null
  const pageInfo = { __typename: 'PageInfo', hasNextPage: seq + 10 < count, endCursor }
  return { __typename: 'LogLineConnection', nodes, pageInfo }
}

/** A tab that was opened on a page whose stream begins after `tail.after`. */
function openTab(client: ApolloClient, tail: LogTail) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Surroundings client={client}>{children}</Surroundings>
  )
  const tab = renderHook(({ tail }: { tail: LogTail }) => useRunLog('run_1', tail), {
    wrapper,
    initialProps: { tail },
  })
  const seqs = () => tab.result.current.lines?.map(({ seq }) => seq)
  return { ...tab, seqs, show: (next: LogTail) => tab.rerender({ tail: next }) }
}

it('reads the past once, page by page, and asks for no line that the stream brings', async () => {
  const { client, timesAsked } = openServer(25)
  let tail = openTail(25)
  const tab = openTab(client, tail)
  expect(tab.seqs()).toBeUndefined()
  await waitFor(() => expect(tab.seqs()).toEqual(range(1, 25)))
  expect(timesAsked()).toBe(3)
  for (const seq of range(26, 60)) {
    tail = addLine(tail, line(seq))
    tab.show(tail)
  }
  expect(tab.seqs()).toEqual(range(1, 60))
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)))
  expect(timesAsked()).toBe(3)
})

it('asks nothing of a run that was opened before its first line', () => {
  const { client, timesAsked } = openServer(0)
  const tab = openTab(client, openTail(0))
  expect(tab.seqs()).toEqual([])
  tab.show(addLine(openTail(0), line(1)))
  expect(tab.seqs()).toEqual([1])
  expect(timesAsked()).toBe(0)
})

it('joins lines that came while the past was read, none twice', async () => {
  const { server, client } = openServer(25)
  const tail = range(21, 25).map(line).reduce(addLine, openTail(20))
  const tab = openTab(client, tail)
  server.count = 27
  tab.show(range(26, 27).map(line).reduce(addLine, tail))
  await waitFor(() => expect(tab.seqs()).toEqual(range(1, 27)))
})

it('reads from the query what the stream has let go', async () => {
  const { server, client } = openServer(10)
  const tab = openTab(client, openTail(10))
  await waitFor(() => expect(tab.seqs()).toEqual(range(1, 10)))
  server.count = 35
  tab.show({ after: 30, lines: range(31, 35).map(line) })
  await waitFor(() => expect(tab.seqs()).toEqual(range(1, 35)))
})

it('says that lines are missing while the server is away, and reads them with the next that comes or when asked', async () => {
  const { server, client, timesAsked } = openServer(10)
  server.isAway = true
  const tab = openTab(client, openTail(10))
  await waitFor(() => expect(tab.result.current.error).toBeInstanceOf(Error))
  expect(tab.seqs()).toBeUndefined()
  act(() => tab.result.current.retry())
  await waitFor(() => expect(timesAsked()).toBe(2))
  server.isAway = false
  server.count = 11
  tab.show(addLine(openTail(10), line(11)))
  await waitFor(() => expect(tab.seqs()).toEqual(range(1, 11)))
  expect(tab.result.current.error).toBeUndefined()
})
