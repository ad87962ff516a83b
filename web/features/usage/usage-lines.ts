import type { Line } from '../../charts/chart-data.ts'
import { lineStyle, type Scheme } from '../../charts/line-style.ts'
import type { DeviceHoursBy, DeviceHoursRowFragment } from '../../graphql/generated/operations.ts'

export const GROUPINGS = {
  PERSON: 'Person',
  COHORT: 'Cohort',
  DEVICE: 'Device',
  TEAM: 'Team',
} as const satisfies Record<DeviceHoursBy, string>

const MOST_LINES = 8
const OTHERS = 'All others'
const WORDS: Record<string, string> = { OTHERS, UNKNOWN: 'Not recorded' }

type Row = DeviceHoursRowFragment

/** Hours of each day of a month, a line a person or cohort: those with the most hours, and all others together. */
export function usageLines(rows: readonly Row[], days: number, scheme: Scheme): Line[] {
  return totals(rows).map(({ name, members }, index) => {
    const hours = Array<number>(days).fill(0)
    for (const row of rows) {
      const day = Number(row.day.slice(8)) - 1
      if (members.has(row.id) && day < days) hours[day] = (hours[day] ?? 0) + row.hours
    }
    return { label: name, steps: hours.map((_, day) => day + 1), values: hours, ...lineStyle(index, scheme) }
  })
}

/** Hours by whom or what, the most first. Two of one name are told apart. */
export function totals(rows: readonly Row[]): { name: string; hours: number; members: Set<string> }[] {
  const hours = new Map<string, number>()
  for (const { id, hours: more } of rows) hours.set(id, (hours.get(id) ?? 0) + more)
  const sorted = [...hours].sort(([, one], [, other]) => other - one).filter(([id]) => id !== 'OTHERS')
  const isAll = sorted.length === hours.size && sorted.length <= MOST_LINES
  const told = isAll ? sorted : sorted.slice(0, MOST_LINES - 1)
  const rest = [...hours].filter(([id]) => !told.some(([one]) => one === id))
  const names = namesOf(rows)
  const others = {
    name: OTHERS,
    hours: rest.reduce((sum, [, one]) => sum + one, 0),
    members: new Set(rest.map(([id]) => id)),
  }
  return [
    ...told.map(([id, sum]) => ({ name: names.get(id) ?? id, hours: sum, members: new Set([id]) })),
    ...(rest.length > 0 ? [others] : []),
  ]
}

function namesOf(rows: readonly Row[]): Map<string, string> {
  const names = new Map(rows.map(({ id, name }) => [id, name ?? WORDS[id] ?? id]))
  const counts = new Map<string, number>()
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return new Map(
    [...names].map(([id, name]) => [id, (counts.get(name) ?? 0) > 1 ? `${name} (${id.slice(-6)})` : name]),
  )
}

/** A calendar month in UTC, as limits have it. @param month  `2026-01` */
export function rangeOf(month: string): { from: string; to: string; days: number } {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const from = new Date(Date.UTC(year, number - 1, 1))
  const to = new Date(Date.UTC(year, number, 1))
  return { from: from.toISOString(), to: to.toISOString(), days: Math.round((+to - +from) / 86_400_000) }
}
