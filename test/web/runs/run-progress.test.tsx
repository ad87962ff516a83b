import { render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { RunProgressPanel } from '../../../web/features/runs/page/run-progress-panel.tsx'
import { createAnsweringClient, Surroundings } from './answering-client.tsx'
import { pageRun } from './page-run.ts'

it('a waiting run’s place in the queue is followed while runs of others come and go', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const turns = [
    { queuePosition: 2, waitingReason: null },
    { queuePosition: 0, waitingReason: null },
    { queuePosition: 0, waitingReason: 'No worker is running.' },
  ]
  const { client } = createAnsweringClient(() => ({
    node: { __typename: 'Run', id: 'run_1', status: 'QUEUED', ...(turns.shift() ?? turns.at(-1)) },
  }))
  render(
    <Surroundings client={client}>
      <RunProgressPanel run={pageRun({ queuePosition: 3 })} />
    </Surroundings>,
  )
  await screen.findByText('Waiting for a free worker, 2 before it')
  await vi.advanceTimersByTimeAsync(5_000)
  await screen.findByText('Waiting for a free worker, next in line')
  await vi.advanceTimersByTimeAsync(5_000)
  await screen.findByText('No worker is running.')
  vi.useRealTimers()
})

it('a run that trains asks for no place in a queue', () => {
  const { client, asked } = createAnsweringClient(() => ({ node: null }))
  render(
    <Surroundings client={client}>
      <RunProgressPanel run={pageRun({ status: 'RUNNING', phase: 'TRAINING' })} />
    </Surroundings>,
  )
  expect(screen.getByText('Training')).toBeTruthy()
  expect(asked).toEqual([])
})
