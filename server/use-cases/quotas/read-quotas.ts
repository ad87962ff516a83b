import { Prisma, type Team, type TeamQuota, type Transaction } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import { readMonthHours } from '../../../runs/quotas/device-hours.ts'
import { readStoredBytes } from './read-stored-bytes.ts'

export type QuotaKind = 'STORED_BYTES' | 'DEVICE_HOURS' | 'RUNS_AT_ONCE' | 'QUEUED_RUNS' | 'UPLOADED_BYTES'

/** What a team has of something, and how much it may have. */
export interface Quota {
  kind: QuotaKind
  used: number
  /** From here on it is told; null for never. */
  soft: number | null
  /** More is refused; null for no limit. */
  hard: number | null
}

type Reader = Pick<Transaction, '$queryRaw' | 'team' | 'teamQuota'>

/** A team's limits, with what it has of each now. */
export async function readQuotas(database: Reader, team: Team): Promise<Quota[]> {
  const { id: teamId } = team
  const [limits, stored, hours, runs] = await Promise.all([
    database.teamQuota.findUnique({ where: { teamId } }),
    readStoredBytes(database, teamId),
    readMonthHours(database, [teamId]),
    readRunCounts(database, teamId),
  ])
  return quotasOf(team, limits, { bytes: Number(stored.total), hours: hours.get(teamId) ?? 0, ...runs })
}

interface Used {
  bytes: number
  hours: number
  running: number
  queued: number
}

function quotasOf(team: Team, limits: TeamQuota | null, { bytes, hours, running, queued }: Used): Quota[] {
  const number = (value: bigint | number | null | undefined) => (value == null ? null : Number(value))
  const row = (kind: QuotaKind, used: number, soft: number | null, hard: number | null): Quota => ({
    ...{ kind, used, soft, hard },
  })
  return [
    row('STORED_BYTES', bytes, number(limits?.storedBytesSoft), number(limits?.storedBytesHard)),
    row('DEVICE_HOURS', hours, number(limits?.deviceHoursSoft), number(limits?.deviceHoursHard)),
    row('RUNS_AT_ONCE', running, null, team.maxRunningRuns),
    row('QUEUED_RUNS', queued, null, team.maxQueuedRuns),
    row('UPLOADED_BYTES', Number(team.uploadedBytes), null, Number(team.uploadQuotaBytes)),
  ]
}

async function readRunCounts(
  database: Pick<Transaction, '$queryRaw'>,
  teamId: string,
): Promise<{ running: number; queued: number }> {
  const [counts] = await database.$queryRaw<{ running: number; queued: number }[]>`
    SELECT count(*) FILTER (WHERE status IN ${HELD})::int AS running,
      count(*) FILTER (WHERE status = 'QUEUED')::int AS queued
    FROM "Run" WHERE "teamId" = ${teamId} AND (status = 'QUEUED' OR status IN ${HELD})`
  return counts ?? { running: 0, queued: 0 }
}

/** One team's condition, for statements over every team, too. */
export function ofTeam(teamId: string | null): Prisma.Sql {
  return teamId === null ? Prisma.sql`TRUE` : Prisma.sql`"teamId" = ${teamId}`
}
