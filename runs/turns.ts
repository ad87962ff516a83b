import type { DeviceKind } from '../contract/devices.ts'
import { Prisma, type Transaction } from '../prisma/client.ts'
import { HELD } from './lease.ts'

/** Who asks for a run: what it has to offer, and whose checkpoints it can read. */
export interface Claimant {
  /** As runs name the worker that holds them. */
  workerName: string
  device: DeviceKind
  labels: readonly string[]
  engineBuild: string
}

/** A run waits, and its time has come. */
const isDue = Prisma.sql`waits.status = 'QUEUED' AND (waits."retryAt" IS NULL OR waits."retryAt" <= now())`

/** Another build's checkpoint would not go on to the same numbers; without one, any build may begin. */
function fits({ device, labels, engineBuild }: Claimant): Prisma.Sql {
  return Prisma.sql`(waits.device IS NULL OR waits.device = ${device}::"DeviceKind")
    AND (waits.label IS NULL OR waits.label = ANY (${labels}))
    AND (waits."engineBuild" IS NULL OR waits."engineBuild" = ${engineBuild}
      OR NOT EXISTS (SELECT FROM "Checkpoint" WHERE "runId" = waits.id))`
}

/**
 * The waiting run whose turn it is. Teams take turns: the one with the fewest runs in workers' hands is next, of those the
 * one that was served longest ago; a team with as many in hand as it may have is passed over. Within a team the greater
 * priority goes first, then the older run.
 * @returns the run's id, or null where none waits that this worker may take
 */
export async function findNextInTurn(tx: Transaction, claimant: Claimant): Promise<string | null> {
  const [next] = await tx.$queryRaw<{ id: string }[]>`
    WITH held AS (
      SELECT "teamId", count(*) AS count FROM "Run"
      WHERE status IN ${HELD} GROUP BY "teamId"
    )
    SELECT first.id
    FROM (SELECT DISTINCT "teamId" FROM "Run" WHERE status = 'QUEUED') AS waiting
    JOIN "Team" AS team ON team.id = waiting."teamId"
    LEFT JOIN held ON held."teamId" = team.id
    CROSS JOIN LATERAL (
      SELECT id FROM "Run" AS waits WHERE waits."teamId" = team.id AND ${isDue} AND ${fits(claimant)}
      ORDER BY waits.priority DESC, waits."createdAt", waits.id LIMIT 1
    ) AS first
    WHERE COALESCE(held.count, 0) < team."maxRunningRuns"
    ORDER BY COALESCE(held.count, 0), team."lastServedAt" NULLS FIRST, team.id
    LIMIT 1`
  return next?.id ?? null
}

/** Waiting runs that only another engine build can go on with. */
export async function findRunsOfOtherBuilds(
  tx: Pick<Transaction, '$queryRaw'>,
  { engineBuild }: Claimant,
): Promise<{ id: string; engineBuild: string }[]> {
  return tx.$queryRaw`
    SELECT id, "engineBuild" FROM "Run" AS waits
    WHERE ${isDue} AND "engineBuild" <> ${engineBuild}
      AND EXISTS (SELECT FROM "Checkpoint" WHERE "runId" = waits.id)
    ORDER BY "createdAt" LIMIT 100`
}
