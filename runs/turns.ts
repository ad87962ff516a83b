/**
 * Whose turn it is, as SQL written once: claims use these conditions and this order, and so do the queue
 * position and the reason why a queued run is blocked.
 *
 * The fragments expect rows named `run` (a queued run), `worker` (the claimant), `team`, and `held` (the
 * number of the team's runs that workers hold; no row if none).
 */
import { type DeviceKind, WORKER_SILENT_SECONDS } from '../contract/devices.ts'
import { type Database, Prisma, type Transaction } from '../prisma/client.ts'
import { isDrained } from './drains.ts'
import { HELD } from './lease.ts'

/**
 * The worker that asks for a run: its name and capabilities, and the engine build whose checkpoints it can
 * read.
 */
export interface Claimant {
  /** As in `Run.workerName`. */
  workerName: string
  device: DeviceKind
  labels: readonly string[]
  engineBuild: string
}

/** Queued, and not in backoff. */
const isDue = Prisma.sql`(run.status = 'QUEUED' AND (run."retryAt" IS NULL OR run."retryAt" <= now()))`

const hasDevice = Prisma.sql`(run.device IS NULL OR run.device = worker.device)`
const hasLabel = Prisma.sql`(run.label IS NULL OR run.label = ANY (worker.labels))`
/**
 * Resuming another build's checkpoint would not give the same numbers; without a checkpoint any build may
 * start.
 */
const canResume = Prisma.sql`(run."engineBuild" IS NULL OR run."engineBuild" = worker."engineBuild"
  OR NOT EXISTS (SELECT FROM "Checkpoint" WHERE "runId" = run.id))`
const canTake = Prisma.sql`(${hasDevice} AND ${hasLabel} AND ${canResume})`

const heldCounts = Prisma.sql`
  SELECT "teamId", count(*)::int AS count FROM "Run" WHERE status IN ${HELD} GROUP BY "teamId"`
const heldCount = Prisma.sql`COALESCE(held.count, 0)`
const mayHoldMore = Prisma.sql`(${heldCount} < team."maxRunningRuns" AND NOT team."deviceHoursSpent")`

/**
 * Within a team: higher priority first, single runs before those of experiments, which are many, then older runs first.
 * Runs that were queued together keep the order of their numbers.
 */
const withinTeam = Prisma.sql`run.priority DESC, (run."experimentId" IS NOT NULL), run."createdAt", run.number`
/** Between teams with equally many held runs: the one served longest ago. */
const servedLongestAgo = Prisma.sql`team."lastServedAt" NULLS FIRST, team.id`

/**
 * The queued run whose turn it is. Teams take turns: the team with the fewest held runs is next, ties going
 * to the one served longest ago; a team at its limit is skipped.
 * @returns the run's id, or null if no queued run can be taken by this worker
 */
export async function findNextInTurn(
  tx: Pick<Transaction, '$queryRaw'>,
  { workerName, device, labels, engineBuild }: Claimant,
): Promise<string | null> {
  const [next] = await tx.$queryRaw<{ id: string }[]>`
    WITH held AS (${heldCounts})
    SELECT first.id
    FROM (SELECT ${device}::"DeviceKind" AS device, ${labels}::text[] AS labels, ${engineBuild} AS "engineBuild") AS worker,
      (SELECT DISTINCT "teamId" FROM "Run" WHERE status = 'QUEUED') AS waiting
    JOIN "Team" AS team ON team.id = waiting."teamId"
    LEFT JOIN held ON held."teamId" = team.id
    CROSS JOIN LATERAL (
      SELECT id FROM "Run" AS run WHERE run."teamId" = team.id AND ${isDue} AND ${canTake}
      ORDER BY ${withinTeam} LIMIT 1
    ) AS first
    WHERE ${mayHoldMore} AND NOT ${isDrained(Prisma.sql`${workerName}`)}
    ORDER BY ${heldCount}, ${servedLongestAgo}
    LIMIT 1`
  return next?.id ?? null
}

/** Queued runs that only another engine build can resume. */
export async function findRunsOfOtherBuilds(
  tx: Pick<Transaction, '$queryRaw'>,
  { engineBuild }: Claimant,
): Promise<{ id: string; engineBuild: string }[]> {
  return tx.$queryRaw`
    SELECT run.id, run."engineBuild" FROM "Run" AS run, (SELECT ${engineBuild} AS "engineBuild") AS worker
    WHERE ${isDue} AND NOT ${canResume}
    ORDER BY run."createdAt" LIMIT 100`
}

/** How many queued runs are due, by requested device; null for any device. */
export async function countDueRuns(
  tx: Pick<Transaction, '$queryRaw'>,
): Promise<{ device: DeviceKind | null; count: number }[]> {
  return tx.$queryRaw`
    SELECT device, count(*)::int AS count FROM "Run" AS run WHERE ${isDue} GROUP BY device`
}

/** Why no live worker can take a queued run now. */
export type Blocker =
  | { by: 'NO_WORKER' }
  | { by: 'DEVICE'; device: DeviceKind }
  | { by: 'LABEL'; label: string; device: DeviceKind | null }
  /**
   * Of the workers with the requested device and label, none has the engine build of the run's checkpoint.
   */
  | { by: 'ENGINE_BUILD'; engineBuild: string; workerBuilds: string[] }
  | { by: 'TEAM_LIMIT'; heldRuns: number }
  /** The team has used up its device hours of the month. */
  | { by: 'DEVICE_HOURS' }
  /** Its next retry is not due yet. */
  | { by: 'BACKOFF'; seconds: number }

export interface Turn {
  /**
   * How many runs will be claimed before it if no held run ends: the minimum over the workers that can take
   * it. 0 and not blocked means that one of them will take it next. Blocked runs come after all that are
   * not.
   */
  position: number
  /** Null if it is only waiting for its turn. */
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
  /** Builds of the workers with the requested device and label. */
  workerBuilds: string[]
  canBeTaken: boolean
  mayHoldMore: boolean
  deviceHoursSpent: boolean
  heldRuns: number
  retryInSeconds: number | null
}

/** Queue position and blocker of the given runs; a run that is not QUEUED has no entry. */
export async function readTurns(database: Database, runIds: string[]): Promise<Map<string, Turn>> {
  const rows = await database.$queryRaw<TurnRow[]>`
    WITH held AS (${heldCounts}),
    workers AS (
      -- One row per kind of worker; labels that no queued run asks for make no difference.
      SELECT row_number() OVER ()::int AS kind, * FROM (
        SELECT DISTINCT device, "engineBuild", ARRAY (
          SELECT DISTINCT label FROM "Run" WHERE status = 'QUEUED' AND label = ANY (labels) ORDER BY label) AS labels
        FROM "Worker"
        WHERE NOT draining AND NOT ${isDrained(Prisma.sql`"Worker".name`)}
          AND "heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS})) AS live
    ), waiting AS (
      SELECT run.id, run.number, run.status, run."teamId", run.priority, run."experimentId", run."createdAt", run."retryAt",
        run.device, run.label, run."engineBuild",
        ${heldCount} AS held, team."deviceHoursSpent", ${mayHoldMore} AS "mayHoldMore", ${mayHoldMore} AND ${isDue} AS "isReady"
      FROM "Run" AS run JOIN "Team" AS team ON team.id = run."teamId" LEFT JOIN held ON held."teamId" = team.id
      WHERE run.status = 'QUEUED'
    ), takers AS (
      SELECT run.id, worker.kind FROM waiting AS run JOIN workers AS worker ON ${canTake} WHERE run."isReady"
    ), lines AS (
      -- One line per kind of worker, and kind 0 for the runs that no worker can take.
      SELECT run.id, run."teamId", run.held, COALESCE(takers.kind, 0) AS kind,
        row_number() OVER (PARTITION BY takers.kind, run."teamId" ORDER BY ${withinTeam}) - 1 AS before
      FROM waiting AS run LEFT JOIN takers ON takers.id = run.id
    ), teams AS (
      -- When teams come to hold equally many, the one that started with more was served longest ago.
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
    SELECT run.id, run.device, run.label, run."engineBuild", run."mayHoldMore",
      run."deviceHoursSpent", run.held AS "heldRuns",
      EXISTS (SELECT FROM workers) AS "hasWorker",
      EXISTS (SELECT FROM workers AS worker WHERE ${hasDevice}) AS "hasDevice",
      EXISTS (SELECT FROM workers AS worker WHERE ${hasDevice} AND ${hasLabel}) AS "hasLabel",
      ARRAY (SELECT DISTINCT "engineBuild" FROM workers AS worker WHERE ${hasDevice} AND ${hasLabel}) AS "workerBuilds",
      EXISTS (SELECT FROM workers AS worker WHERE ${canTake}) AS "canBeTaken",
      CASE WHEN NOT ${isDue} THEN EXTRACT(EPOCH FROM run."retryAt" - now())::float8 END AS "retryInSeconds",
      (positions.position + CASE WHEN EXISTS (SELECT FROM takers WHERE takers.id = run.id) THEN 0
        ELSE (SELECT count(DISTINCT takers.id) FROM takers) END)::int AS position
    FROM waiting AS run JOIN positions ON positions.id = run.id`
  return new Map(rows.map((row) => [row.id, { position: row.position, blockedBy: blockerOf(row) }]))
}

function blockerOf(row: TurnRow): Blocker | null {
  const { device, label, engineBuild, workerBuilds, heldRuns, retryInSeconds } = row
  if (!row.hasWorker) return { by: 'NO_WORKER' }
  if (!row.hasDevice && device !== null) return { by: 'DEVICE', device }
  if (!row.hasLabel && label !== null) return { by: 'LABEL', label, device }
  if (!row.canBeTaken && engineBuild !== null) return { by: 'ENGINE_BUILD', engineBuild, workerBuilds }
  if (row.deviceHoursSpent) return { by: 'DEVICE_HOURS' }
  if (!row.mayHoldMore) return { by: 'TEAM_LIMIT', heldRuns }
  return retryInSeconds === null ? null : { by: 'BACKOFF', seconds: retryInSeconds }
}
