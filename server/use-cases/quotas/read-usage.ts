import { z } from 'zod'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { deviceUse } from '../../../runs/quotas/device-hours.ts'
import { AppError } from '../../errors.ts'
import { ofTeam } from './read-quotas.ts'

const DAY_MS = 24 * 60 * 60_000
const MOST_DAYS = 366
/** Told one by one; the rest is one row a day, so that nothing is left out however many there are. */
const MOST_TOLD = 50
const OTHERS = 'OTHERS'
const UNKNOWN = 'UNKNOWN'

export const UsageRange = z.object({ from: z.date(), to: z.date() })

export type DeviceHoursBy = 'PERSON' | 'COHORT' | 'DEVICE' | 'TEAM'

/** Device hours of a day and of a person, a cohort, a kind of device or a team. */
export interface DeviceHours {
  /** In UTC: `2026-01-31`. */
  day: string
  /** Or `OTHERS`; of a device that was not recorded `UNKNOWN`. */
  id: string
  /** Null where there is none, or no more. */
  name: string | null
  hours: number
}

const KEYS: Record<DeviceHoursBy, Prisma.Sql> = {
  PERSON: Prisma.sql`"userId"`,
  COHORT: Prisma.sql`"cohortId"`,
  DEVICE: Prisma.sql`COALESCE(device::text, ${UNKNOWN})`,
  TEAM: Prisma.sql`"teamId"`,
}

/**
 * Device hours by day, the first one first; an attempt over midnight counts for both days. Those with the most hours are
 * told one by one, and the rest together.
 * @param teamId  null for every team of the instance, whose cohorts are told without their names
 * @throws AppError INVALID_INPUT where the range is none, or longer than a year
 */
export async function readUsage(
  database: Database,
  teamId: string | null,
  { by, ...range }: { from: Date | string; to: Date | string; by: DeviceHoursBy },
): Promise<DeviceHours[]> {
  const { from, to } = UsageRange.parse({ from: new Date(range.from), to: new Date(range.to) })
  if (to <= from || to.getTime() - from.getTime() > MOST_DAYS * DAY_MS)
    throw new AppError('INVALID_INPUT', `to: after from, and at most ${MOST_DAYS} days later`, ['to'])
  const rows = await database.$queryRaw<Omit<DeviceHours, 'name'>[]>`
    WITH parts AS (
      SELECT day, ${KEYS[by]} AS key,
        sum(extract(epoch FROM least("to", day + interval '1 day') - greatest("from", day))) / 3600 AS hours
      FROM (${deviceUse(from, to, ofTeam(teamId))}) AS use
      CROSS JOIN LATERAL generate_series(date_trunc('day', "from"), "to" - interval '1 microsecond', interval '1 day') AS day
      GROUP BY 1, 2
    ), places AS (
      SELECT key, row_number() OVER (ORDER BY sum(hours) DESC, key) AS place FROM parts GROUP BY key
    )
    SELECT to_char(day, 'YYYY-MM-DD') AS day, CASE WHEN place <= ${MOST_TOLD} THEN key ELSE ${OTHERS} END AS id,
      sum(hours)::float8 AS hours
    FROM parts JOIN places USING (key) GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`
  const names = await namesOf(database, by, teamId, [...new Set(rows.map(({ id }) => id))])
  return rows.map((row) => ({ ...row, name: names.get(row.id) ?? null }))
}

async function namesOf(
  database: Database,
  by: DeviceHoursBy,
  teamId: string | null,
  ids: string[],
): Promise<Map<string, string>> {
  const query = { where: { id: { in: ids } }, select: { id: true, name: true } }
  const named = async () => {
    if (by === 'PERSON') return database.user.findMany(query)
    if (by === 'TEAM') return database.team.findMany(query)
    return by === 'COHORT' && teamId !== null ? database.cohort.findMany(query) : []
  }
  return new Map((await named()).map(({ id, name }) => [id, name]))
}
