import { Prisma, type Team, type TeamQuota, type Transaction } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import { readMonthHours } from '../../../runs/quotas/device-hours.ts'
import { readStoredBytesOf } from './read-stored-bytes.ts'

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

type Reader = Pick<Transaction, '$queryRaw' | 'teamQuota'>
/** What of a team's row its limits are made of. */
export type LimitedTeam = Pick<
  Team,
  'id' | 'maxRunningRuns' | 'maxQueuedRuns' | 'uploadedBytes' | 'uploadQuotaBytes'
>

/** The limits of some teams, with what each has of them now: one query a kind, however many teams. */
export async function readQuotas(
  database: Reader,
  teams: readonly LimitedTeam[],
): Promise<Map<string, Quota[]>> {
  const teamIds = teams.map(({ id }) => id)
  const [limits, storedOf, hours, runs] = await Promise.all([
    database.teamQuota.findMany({ where: { teamId: { in: teamIds } } }),
    readStoredBytesOf(database, teamIds),
    readMonthHours(database, teamIds),
    readRunCounts(database, teamIds),
  ])
  const limitsOf = new Map(limits.map((row) => [row.teamId, row]))
  return new Map(
    teams.map((team) => {
      const { running, queued } = runs.get(team.id) ?? { running: 0, queued: 0 }
      const bytes = Number(storedOf(team.id).total)
      const used = { bytes, hours: hours.get(team.id) ?? 0, running, queued }
      return [team.id, quotasOf(team, limitsOf.get(team.id) ?? null, used)]
    }),
  )
}

interface Used {
  bytes: number
  hours: number
  running: number
  queued: number
}

function quotasOf(
  team: LimitedTeam,
  limits: TeamQuota | null,
  { bytes, hours, running, queued }: Used,
): Quota[] {
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
  teamIds: readonly string[],
): Promise<Map<string, { running: number; queued: number }>> {
  const rows = await database.$queryRaw<{ teamId: string; running: number; queued: number }[]>`
    SELECT "teamId", count(*) FILTER (WHERE status IN ${HELD})::int AS running,
      count(*) FILTER (WHERE status = 'QUEUED')::int AS queued
    FROM "Run" WHERE "teamId" = ANY(${[...teamIds]}) AND (status = 'QUEUED' OR status IN ${HELD}) GROUP BY "teamId"`
  return new Map(rows.map(({ teamId, ...counts }) => [teamId, counts]))
}

/** One team's condition, for statements over every team, too. */
export function ofTeam(teamId: string | null): Prisma.Sql {
  return teamId === null ? Prisma.sql`TRUE` : Prisma.sql`"teamId" = ${teamId}`
}
