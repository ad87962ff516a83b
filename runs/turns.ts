/**
 * Whose turn it is, in SQL that is written once: the claim takes by these conditions and in this order, and by the same a
 * run that waits is told how many come before it, and why no worker can take it.
 *
 * The fragments name their rows `waits` (a run), `worker` (who asks), `team` and `held` (how many runs of the team workers
 * hold; no row for none).
 */
import { type DeviceKind, WORKER_SILENT_SECONDS } from '../contract/devices.ts'
import { type Database, Prisma, type Transaction } from '../prisma/client.ts'
import { HELD } from './lease.ts'

/** Who asks for a run: what it has to offer, and whose checkpoints it can read. */
export interface Claimant {
  /** As runs name the worker that holds them. */
  workerName: string
  device: DeviceKind
  labels: readonly string[]
  engineBuild: string
}

/** A run that waits, and its time has come. */
const isDue = Prisma.sql`(waits.status = 'QUEUED' AND (waits."retryAt" IS NULL OR waits."retryAt" <= now()))`

const hasDevice = Prisma.sql`(waits.device IS NULL OR waits.device = worker.device)`
const hasLabel = Prisma.sql`(waits.label IS NULL OR waits.label = ANY (worker.labels))`
/** Another build's checkpoint would not go on to the same numbers; without one, any build may begin. */
const canGoOn = Prisma.sql`(waits."engineBuild" IS NULL OR waits."engineBuild" = worker."engineBuild"
  OR NOT EXISTS (SELECT FROM "Checkpoint" WHERE "runId" = waits.id))`
const canTake = Prisma.sql`(${hasDevice} AND ${hasLabel} AND ${canGoOn})`

const heldCounts = Prisma.sql`
  SELECT "teamId", count(*)::int AS count FROM "Run" WHERE status IN ${HELD} GROUP BY "teamId"`
const heldCount = Prisma.sql`COALESCE(held.count, 0)`
const mayHoldMore = Prisma.sql`(${heldCount} < team."maxRunningRuns")`

/** Within a team the greater priority goes first, then the older run. */
const withinTeam = Prisma.sql`waits.priority DESC, waits."createdAt", waits.id`
/** Of teams with as many runs in workers' hands, the one that was served longest ago. */
const servedLongestAgo = Prisma.sql`team."lastServedAt" NULLS FIRST, team.id`

/**
 * The waiting run whose turn it is. Teams take turns: the one with the fewest runs in workers' hands is next, of those the
 * one that was served longest ago; a team with as many in hand as it may have is passed over.
 * @returns the run's id, or null where none waits that this worker may take
 */
export async function findNextInTurn(
  tx: Pick<Transaction, '$queryRaw'>,
  { device, labels, engineBuild }: Claimant,
): Promise<string | null> {
  const [next] = await tx.$queryRaw<{ id: string }[]>`
    WITH held AS (${heldCounts})
    SELECT first.id
    FROM (SELECT ${device}::"DeviceKind" AS device, ${labels}::text[] AS labels, ${engineBuild} AS "engineBuild") AS worker,
      (SELECT DISTINCT "teamId" FROM "Run" WHERE status = 'QUEUED') AS waiting
    JOIN "Team" AS team ON team.id = waiting."teamId"
    LEFT JOIN held ON held."teamId" = team.id
    CROSS JOIN LATERAL (
      SELECT id FROM "Run" AS waits WHERE waits."teamId" = team.id AND ${isDue} AND ${canTake}
      ORDER BY ${withinTeam} LIMIT 1
    ) AS first
    WHERE ${mayHoldMore}
    ORDER BY ${heldCount}, ${servedLongestAgo}
    LIMIT 1`
  return next?.id ?? null
}

/** Waiting runs that only another engine build can go on with. */
export async function findRunsOfOtherBuilds(
  tx: Pick<Transaction, '$queryRaw'>,
  { engineBuild }: Claimant,
): Promise<{ id: string; engineBuild: string }[]> {
  return tx.$queryRaw`
    SELECT waits.id, waits."engineBuild" FROM "Run" AS waits, (SELECT ${engineBuild} AS "engineBuild") AS worker
    WHERE ${isDue} AND NOT ${canGoOn}
    ORDER BY waits."createdAt" LIMIT 100`
}

/** How many runs wait and are due, by the device that they ask for; null for any. */
export async function countDueRuns(
  tx: Pick<Transaction, '$queryRaw'>,
): Promise<{ device: DeviceKind | null; count: number }[]> {
  return tx.$queryRaw`
    SELECT device, count(*)::int AS count FROM "Run" AS waits WHERE ${isDue} GROUP BY device`
}

/** Why no worker that is there may take a waiting run now. */
export type Blocker =
  | { by: 'NO_WORKER' }
  | { by: 'DEVICE'; device: DeviceKind }
  | { by: 'LABEL'; label: string; device: DeviceKind | null }
  /** Its checkpoint is of a build that no worker is of which has what it asks for. */
  | { by: 'ENGINE_BUILD'; engineBuild: string; workerBuilds: string[] }
  | { by: 'TEAM_LIMIT'; heldRuns: number }
  /** It is to be tried again, and not yet. */
  | { by: 'BACKOFF'; seconds: number }

export interface Turn {
  /**
   * How many runs workers will take before it, if none ends meanwhile: of the workers that can take it, the one that comes
   * to it soonest. 0 and not blocked: it is what one of them takes next. The blocked ones come after all that are not.
   */
  position: number
  /** Null where only its turn is to come. */
  blockedBy: Blocker | null
}

interface TurnRow {
  id: string
  position: number
  device: DeviceKind | null
  label: string | null
  engineBuild: string | null
  hasWorker: boolean
  hasDevice: boolean
  hasLabel: boolean
  /** Of the workers that have device and label. */
  workerBuilds: string[]
  canBeTaken: boolean
  mayHoldMore: boolean
  heldRuns: number
  retryInSeconds: number | null
}

/** The turns of some runs; a run that is not QUEUED has none. */
export async function readTurns(database: Database, runIds: string[]): Promise<Map<string, Turn>> {
  const rows = await database.$queryRaw<TurnRow[]>`
    WITH held AS (${heldCounts}),
    workers AS (
      -- Of each kind one: labels that nobody asks for make no difference.
      SELECT row_number() OVER ()::int AS kind, * FROM (
        SELECT DISTINCT device, "engineBuild", ARRAY (
          SELECT DISTINCT label FROM "Run" WHERE status = 'QUEUED' AND label = ANY (labels) ORDER BY label) AS labels
        FROM "Worker"
        WHERE NOT draining AND "heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS})) AS live
    ), waiting AS (
      SELECT waits.id, waits.status, waits."teamId", waits.priority, waits."createdAt", waits."retryAt",
        waits.device, waits.label, waits."engineBuild",
        ${heldCount} AS held, ${mayHoldMore} AS "mayHoldMore", ${mayHoldMore} AND ${isDue} AS "isReady"
      FROM "Run" AS waits JOIN "Team" AS team ON team.id = waits."teamId" LEFT JOIN held ON held."teamId" = team.id
      WHERE waits.status = 'QUEUED'
    ), takers AS (
      SELECT waits.id, worker.kind FROM waiting AS waits JOIN workers AS worker ON ${canTake} WHERE waits."isReady"
    ), lines AS (
      -- A line for each kind of worker, and one, without a kind, of what none can take.
      SELECT waits.id, waits."teamId", waits.held, COALESCE(takers.kind, 0) AS kind,
        row_number() OVER (PARTITION BY takers.kind, waits."teamId" ORDER BY ${withinTeam}) - 1 AS before
      FROM waiting AS waits LEFT JOIN takers ON takers.id = waits.id
    ), teams AS (
      -- Where teams come to hold equally many, the one that began with more was served longest ago.
      SELECT line.*, row_number() OVER (PARTITION BY kind ORDER BY held DESC, ${servedLongestAgo}) AS place
      FROM (SELECT kind, "teamId", held, count(*) AS count FROM lines GROUP BY kind, "teamId", held) AS line
      JOIN "Team" AS team ON team.id = line."teamId"
    ), positions AS (
      SELECT lines.id, min(lines.before + COALESCE((
        SELECT sum(LEAST(other.count, GREATEST(0,
          own.held + lines.before - other.held + (other.place < own.place)::int)))
        FROM teams AS other WHERE other.kind = own.kind AND other."teamId" <> own."teamId"), 0)) AS position
      FROM lines JOIN teams AS own ON own.kind = lines.kind AND own."teamId" = lines."teamId"
      WHERE lines.id = ANY (${runIds}) GROUP BY lines.id
    )
    SELECT waits.id, waits.device, waits.label, waits."engineBuild", waits."mayHoldMore", waits.held AS "heldRuns",
      EXISTS (SELECT FROM workers) AS "hasWorker",
      EXISTS (SELECT FROM workers AS worker WHERE ${hasDevice}) AS "hasDevice",
      EXISTS (SELECT FROM workers AS worker WHERE ${hasDevice} AND ${hasLabel}) AS "hasLabel",
      ARRAY (SELECT DISTINCT "engineBuild" FROM workers AS worker WHERE ${hasDevice} AND ${hasLabel}) AS "workerBuilds",
      EXISTS (SELECT FROM workers AS worker WHERE ${canTake}) AS "canBeTaken",
      CASE WHEN NOT ${isDue} THEN EXTRACT(EPOCH FROM waits."retryAt" - now())::float8 END AS "retryInSeconds",
      (positions.position + CASE WHEN EXISTS (SELECT FROM takers WHERE takers.id = waits.id) THEN 0
        ELSE (SELECT count(DISTINCT takers.id) FROM takers) END)::int AS position
    FROM waiting AS waits JOIN positions ON positions.id = waits.id`
  return new Map(rows.map((row) => [row.id, { position: row.position, blockedBy: blockerOf(row) }]))
}

function blockerOf(row: TurnRow): Blocker | null {
  const { device, label, engineBuild, workerBuilds, heldRuns, retryInSeconds } = row
  if (!row.hasWorker) return { by: 'NO_WORKER' }
  if (!row.hasDevice && device !== null) return { by: 'DEVICE', device }
  if (!row.hasLabel && label !== null) return { by: 'LABEL', label, device }
  if (!row.canBeTaken && engineBuild !== null) return { by: 'ENGINE_BUILD', engineBuild, workerBuilds }
  if (!row.mayHoldMore) return { by: 'TEAM_LIMIT', heldRuns }
  return retryInSeconds === null ? null : { by: 'BACKOFF', seconds: retryInSeconds }
}
