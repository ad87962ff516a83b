import { render, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { RunHistory } from '../../../web/features/runs/history/run-history.tsx'
import { applyEvent, type LiveEvent, openFeed } from '../../../web/features/runs/live/run-feed.ts'
import { createAnsweringClient, Surroundings } from './answering-client.tsx'
import { atOf, checkpointEvent, logEvent, metricsEvent, pageRun, seriesOf, statusEvent } from './page-run.ts'

const attemptRow = {
  __typename: 'RunAttempt',
  number: 1,
  workerName: 'a-worker',
  startedAt: atOf(0),
  endedAt: null,
  outcome: null,
  failure: null,
  fromStep: null,
  toStep: null,
}
const checkpointRow = (step: number) => ({
  ...{ __typename: 'Checkpoint', step, epoch: 1, kind: 'NEWEST', byteLength: 10, testTop1: null },
  createdAt: atOf(step),
})

/** The tab of a run, with what the server has of its history, and a way to have an event come. */
function openHistory() {
  const history = { attempts: [] as object[], checkpoints: [] as object[] }
  const { client, asked } = createAnsweringClient(() => ({
    node: { __typename: 'Run', id: 'run_1', ...history },
  }))
  let feed = openFeed(pageRun())
  const tab = () => (
    <Surroundings client={client}>
      <RunHistory feed={feed} />
    </Surroundings>
  )
  const { rerender } = render(tab())
  const come = (event: LiveEvent) => {
    feed = applyEvent(feed, event)
    rerender(tab())
  }
  return { history, asked, come }
}

it('shows attempts and checkpoints as events tell of them, and asks for nothing in between', async () => {
  const { history, asked, come } = openHistory()
  await screen.findByText('No worker has claimed it yet.')
  history.attempts = [attemptRow]
  come(statusEvent(1, { status: 'STARTING', phase: 'LOADING' }))
  await screen.findByText('a-worker')
  history.attempts = [{ ...attemptRow, fromStep: 40 }]
  come(metricsEvent(2, [seriesOf(0, 'loss', { 41: 2 })]))
  await screen.findByText('from 41')
  const before = asked.length
  for (let seq = 3; seq < 30; seq++) come(metricsEvent(seq, [seriesOf(0, 'loss', { [seq + 39]: 2 })]))
  come(logEvent(30))
  history.checkpoints = [checkpointRow(1_234)]
  come(checkpointEvent(31, 1_234))
  await screen.findByText('1,234')
  await waitFor(() => expect(asked.length).toBe(before + 1))
})
