import { z } from 'zod'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { deviceUse } from '../../../runs/quotas/device-hours.ts'
import { AppError } from '../../errors.ts'
import { ofTeam } from './read-quotas.ts'

const DAY_MS = 24 * 60 * 60_000
const MOST_DAYS = 366
const MOST_ROWS = 10_000

export const UsageRange = z.object({ from: z.date(), to: z.date() })

/** Device hours of a day, a person, a cohort and a kind of device. */
export interface DeviceHours {
  /** In UTC: `2026-01-31`. */
  day: string
  userId: string
  userName: string | null
  cohortId: string
  cohortName: string | null
  teamId: string
  teamName: string
  device: 'CPU' | 'GPU'
  hours: number
}

/**
 * Device hours by day, person and cohort, the first day first; an attempt over midnight counts for both days.
 * @param teamId  null for every team of the instance
 * @throws AppError INVALID_INPUT where the range is none, or longer than a year
 */
export async function readUsage(
  database: Database,
  teamId: string | null,
  range: { from: Date | string; to: Date | string },
): Promise<DeviceHours[]> {
  const { from, to } = UsageRange.parse({ from: new Date(range.from), to: new Date(range.to) })
  if (to <= from || to.getTime() - from.getTime() > MOST_DAYS * DAY_MS)
    throw new AppError('INVALID_INPUT', `to: after from, and at most ${MOST_DAYS} days later`, ['to'])
  const use = deviceUse(from, to, ofTeam(teamId))
  return database.$queryRaw<DeviceHours[]>`
    SELECT to_char(day, 'YYYY-MM-DD') AS day, use."userId", "User".name AS "userName",
      use."cohortId", "Cohort".name AS "cohortName", use."teamId", "Team".name AS "teamName", use.device,
      (sum(extract(epoch FROM least("to", day + interval '1 day') - greatest("from", day))) / 3600)::float8 AS hours
    FROM (${use}) AS use
    CROSS JOIN LATERAL generate_series(date_trunc('day', "from"), "to" - interval '1 microsecond', interval '1 day') AS day
    JOIN "Team" ON "Team".id = use."teamId"
    LEFT JOIN "User" ON "User".id = use."userId" LEFT JOIN "Cohort" ON "Cohort".id = use."cohortId"
    GROUP BY day, use."userId", "User".name, use."cohortId", "Cohort".name, use."teamId", "Team".name, use.device
    ORDER BY day, "teamName", "userName", "cohortName" LIMIT ${Prisma.sql`${MOST_ROWS}`}`
}
