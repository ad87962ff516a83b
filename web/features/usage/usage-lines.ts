import type { Line } from '../../charts/chart-data.ts'
import { lineStyle, type Scheme } from '../../charts/line-style.ts'
import type { DeviceHoursRowFragment } from '../../graphql/generated/operations.ts'

export const GROUPINGS = { person: 'Person', cohort: 'Cohort', device: 'Device', team: 'Team' } as const
export type Grouping = keyof typeof GROUPINGS

const MOST_LINES = 8
const OTHERS = 'All others'

type Row = DeviceHoursRowFragment

const KEYS: Record<Grouping, (row: Row) => string> = {
  person: ({ userName, userId }) => userName ?? userId,
  cohort: ({ cohortName, cohortId }) => cohortName ?? cohortId,
  device: ({ device }) => device,
  team: ({ teamName }) => teamName,
}

/** Hours of each day of a month, a line a person or cohort: those with the most hours, and all others together. */
export function usageLines(rows: readonly Row[], by: Grouping, days: number, scheme: Scheme): Line[] {
  return totals(rows, by).map(({ name, members }, index) => {
    const hours = Array<number>(days).fill(0)
    for (const row of rows) {
      const day = Number(row.day.slice(8)) - 1
      if (members.has(KEYS[by](row)) && day < days) hours[day] = (hours[day] ?? 0) + row.hours
    }
    return { label: name, steps: hours.map((_, day) => day + 1), values: hours, ...lineStyle(index, scheme) }
  })
}

/** Hours by name, the most first. */
export function totals(
  rows: readonly Row[],
  by: Grouping,
): { name: string; hours: number; members: Set<string> }[] {
  const hours = new Map<string, number>()
  for (const row of rows) hours.set(KEYS[by](row), (hours.get(KEYS[by](row)) ?? 0) + row.hours)
  const sorted = [...hours].sort(([, one], [, other]) => other - one)
  const named = sorted.length > MOST_LINES ? sorted.slice(0, MOST_LINES - 1) : sorted
  const rest = sorted.slice(named.length)
  return [
    ...named.map(([name, sum]) => ({ name, hours: sum, members: new Set([name]) })),
    ...(rest.length > 0
      ? [
          {
            name: OTHERS,
            hours: rest.reduce((sum, [, one]) => sum + one, 0),
            members: new Set(rest.map(([name]) => name)),
          },
        ]
      : []),
  ]
}

/** A calendar month in UTC, as limits have it. @param month  `2026-01` */
export function rangeOf(month: string): { from: string; to: string; days: number } {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const from = new Date(Date.UTC(year, number - 1, 1))
  const to = new Date(Date.UTC(year, number, 1))
  return { from: from.toISOString(), to: to.toISOString(), days: Math.round((+to - +from) / 86_400_000) }
}
