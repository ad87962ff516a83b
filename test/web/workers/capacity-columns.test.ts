import { expect, it } from 'vitest'
import { columnsOf } from '../../../web/features/workers/capacity-columns.ts'

const now = Date.parse('2026-11-27T12:00:00Z')
const row = (hoursAgo: number, places: object, device: 'CPU' | 'GPU' = 'CPU') => ({
  __typename: 'Capacity' as const,
  at: new Date(now - hoursAgo * 3_600_000).toISOString(),
  device,
  ...{ busy: 0, idle: 0, drained: 0, away: 0, ...places },
})

it('a column stands where its period was, its parts upon each other, and nothing where none was', () => {
  const [cpu] = columnsOf([row(24, { busy: 1, idle: 2 }), row(12, { idle: 2, away: 1 })], 24, now)
  expect(cpu?.most).toBe(3)
  expect(cpu?.columns.map(({ from }) => from)).toEqual([0, 0.5])
  expect(cpu?.columns.map(({ parts }) => parts)).toEqual([
    [
      { state: 'busy', below: 0, places: 1 },
      { state: 'idle', below: 1, places: 2 },
    ],
    [
      { state: 'idle', below: 0, places: 2 },
      { state: 'away', below: 2, places: 1 },
    ],
  ])
})

it('each kind of device has a chart of its own, and one that was never there has none', () => {
  expect(columnsOf([row(1, { busy: 4 }, 'GPU')], 24, now).map(({ device }) => device)).toEqual(['GPU'])
  expect(columnsOf([], 24, now)).toEqual([])
})
