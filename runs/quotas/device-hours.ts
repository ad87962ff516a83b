import { Prisma, type Transaction } from '../../prisma/client.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/**
 * What attempts have used of devices between two moments: those that ended, whether their run is still there or not, and
 * those that go on, up to now, or to the end of the lease where nobody has renewed it: from then on nobody is known to have
 * trained. Rows have teamId, userId, cohortId, device, from and to.
 */
export function deviceUse(from: Date, to: Date, team: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT "teamId", "userId", "cohortId", device,
      greatest("startedAt", ${from}) AS "from", least("endedAt", ${to}) AS "to"
    FROM "DeviceUse" WHERE "endedAt" > ${from} AND "startedAt" < ${to} AND ${team}
    UNION ALL
    SELECT attempt."teamId", run."createdById", run."cohortId", attempt.device,
      greatest(attempt."startedAt", ${from}),
      greatest(attempt."startedAt", ${from}, least(now(), run."leaseUntil", ${to}))
    FROM (SELECT * FROM "RunAttempt" WHERE "endedAt" IS NULL AND "startedAt" < ${to} AND ${team}) AS attempt
    JOIN "Run" AS run ON run.id = attempt."runId"`
}

/** The calendar month of a moment, in UTC. */
export function monthOf(now: Date): { from: Date; to: Date } {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
  return { from, to: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)) }
}

/** Hours on any device in this month, by team; one that used none has no entry. */
export async function readMonthHours(
  database: Reader,
  teamIds: readonly string[],
  now = new Date(),
): Promise<Map<string, number>> {
  const { from, to } = monthOf(now)
  const use = deviceUse(from, to, Prisma.sql`"teamId" = ANY (${[...teamIds]})`)
  const rows = await database.$queryRaw<{ teamId: string; hours: number }[]>`
    SELECT "teamId", (sum(extract(epoch FROM "to" - "from")) / 3600)::float8 AS hours FROM (${use}) AS use
    GROUP BY "teamId"`
  return new Map(rows.map(({ teamId, hours }) => [teamId, hours]))
}
