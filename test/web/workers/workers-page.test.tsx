import { ModalsProvider } from '@mantine/modals'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { WorkersPage } from '../../../web/features/workers/workers-page.tsx'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

const worker = {
  ...{ __typename: 'Worker', name: 'gpu-3:11', device: 'GPU', deviceName: 'A card', deviceMemoryBytes: 80e9 },
  ...{ deviceSoftware: null, deviceMemoryUsedBytes: null, deviceLoad: null, capacity: 2, runsInHand: 1 },
  ...{ runs: [], labels: [], engineBuild: 'b', draining: false, drainedAt: null, handsBack: false },
  ...{ silent: false, memoryUsedBytes: 1, memoryBytes: 2, cpuLoad: 0.5 },
  ...{ startedAt: '2026-11-27T12:00:00Z', heartbeatAgeSeconds: 2 },
}
const capacity = { __typename: 'Capacity', device: 'GPU', busy: 1, idle: 0, drained: 1, away: 0 }
const waits = { teams: 1, waiting: 3, running: 1, longestWaitSeconds: 3_700, medianWaitSeconds: 60 }

function show(isAdministrator: boolean) {
  let drained: object = {}
  const given: unknown[] = []
  const { client } = createAnsweringClient((operation, variables) => {
    if (operation === 'Workers') return { workers: [{ ...worker, ...drained }] }
    if (operation === 'Queue')
      return {
        queue: [
          { __typename: 'TeamQueue', team: { __typename: 'AuditTeam', id: 't', name: 'Lab' }, ...waits },
          { __typename: 'TeamQueue', team: null, ...waits, teams: 2, medianWaitSeconds: null },
        ],
      }
    if (operation === 'Capacity') return { capacity: [{ ...capacity, at: new Date().toISOString() }] }
    if (operation === 'DrainWorker') {
      given.push(variables.input)
      drained = { drainedAt: '2026-11-27T12:00:00Z', handsBack: true }
      return {
        drainWorker: {
          __typename: 'WorkerPayload',
          worker: { ...worker, ...drained },
          errors: [],
        },
      }
    }
    const user = { __typename: 'User', id: 'u', name: 'Ada', email: 'ada@example.org' }
    const flags = { twoFactorEnabled: false, hasPassword: true, isLinkedToProvider: false, timeZone: null }
    return { viewer: { __typename: 'Viewer', user, ...flags, isAdministrator, teams: [] } }
  })
  render(
    <Surroundings client={client}>
      <ModalsProvider>
        <WorkersPage />
      </ModalsProvider>
    </Surroundings>,
  )
  return given
}

it('tells who waits how long, of other teams together, and what became of each place', async () => {
  show(false)
  const queue = await screen.findByRole('region', { name: 'Queue, table' })
  expect(within(queue).getByRole('row', { name: /^Lab 3 1 1 h 01 min 1 min 00 s$/ })).toBeTruthy()
  expect(within(queue).getByRole('row', { name: /^2 other teams/ })).toBeTruthy()
  expect(await screen.findByRole('img', { name: /^Places on GPUs/ })).toBeTruthy()
  expect(screen.queryByRole('button', { name: /^Drain/ })).toBeNull()
})

it('lets the administrator drain a worker, which then says so', async () => {
  const given = show(true)
  fireEvent.click(await screen.findByRole('button', { name: /^Drain/ }))
  fireEvent.click(await screen.findByRole('radio', { name: /it saves and hands back/ }))
  fireEvent.click(screen.getByRole('button', { name: 'Drain it' }))
  await waitFor(() => expect(given).toEqual([{ workerName: 'gpu-3:11', handsBack: true }]))
  await screen.findByText('hands back what it trains')
  expect(screen.getByRole('button', { name: /^Resume/ })).toBeTruthy()
})
