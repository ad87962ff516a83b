import { expect, it } from 'vitest'
import { totals, usageLines } from '../../../web/features/usage/usage-lines.ts'

const row = (id: string, hours: number, name: string | null = id, day = '2026-11-02') => ({
  ...{ __typename: 'DeviceHours' as const },
  ...{ id, name, hours, day },
})

it('two people of one name have a line each, which say whose they are', () => {
  const lines = usageLines([row('user_aaaaaa', 1, 'Kim'), row('user_bbbbbb', 2, 'Kim')], 30, 'light')
  expect(lines.map(({ label, values }) => [label, values[1]])).toEqual([
    ['Kim (bbbbbb)', 2],
    ['Kim (aaaaaa)', 1],
  ])
})

it('those with the most hours have lines of their own, and all others one, with what the server summed', () => {
  const many = Array.from({ length: 12 }, (_, n) => row(`p${n}`, 12 - n))
  const all = totals([...many, row('OTHERS', 100, null)])
  expect(all.map(({ name }) => name)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'All others'])
  expect(all.at(-1)?.hours).toBe(115)
  expect(totals(many.slice(0, 8))).toHaveLength(8)
})

it('a device that was not recorded is none', () => {
  expect(totals([row('UNKNOWN', 1, null), row('CPU', 2, null)]).map(({ name }) => name)).toEqual([
    'CPU',
    'Not recorded',
  ])
})
