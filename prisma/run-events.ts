import { CHANNELS, type RunEventPayload, type RunEventRecord } from '../contract/run-events.ts'
import type { MetricPoint } from '../contract/training.ts'
import { type Database, Prisma, type Transaction } from './client.ts'

/** The position that stands for the whole run, where a point has no student. */
const WHOLE_RUN = -1

/**
 * Appends one event to a run, its metric points with it, and tells every listener at commit.
 * The sequence number is taken under the run's row lock: numbers have no gap and commit in order.
 *
 * @param fence  the writer's fencing token; null for the server, which holds no run
 * @returns the event's sequence number, or null where the fence is old and nothing was written
 */
export async function recordRunEvent(
  tx: Transaction,
  runId: string,
  fence: number | null,
  payload: RunEventPayload,
  points: readonly MetricPoint[] = [],
): Promise<number | null> {
  const held = fence === null ? Prisma.empty : Prisma.sql`AND fence = ${fence}`
  // One statement: what is written often must not wait for answers in between. Lists go as PostgreSQL writes them, which
  // has NaN and infinity, too.
  const [written] = await tx.$queryRaw<{ seq: number }[]>`
    WITH run AS (
      UPDATE "Run" SET "lastSeq" = "lastSeq" + 1 WHERE id = ${runId} ${held} RETURNING "teamId", "lastSeq" AS seq
    ), event AS (
      INSERT INTO "RunEvent" ("teamId", "runId", seq, kind, payload, at)
      SELECT "teamId", ${runId}, seq, ${payload.kind}::"RunEventKind", ${JSON.stringify(payload)}::jsonb,
        timezone('UTC', clock_timestamp())
      FROM run
    ), points AS (
      INSERT INTO "MetricPoint" ("teamId", "runId", student, name, step, value, "eventSeq")
      SELECT run."teamId", ${runId}, point.student, point.name, point.step, point.value, run.seq
      FROM run, unnest(
        ${listOf(points, (point) => point.student ?? WHOLE_RUN)}::smallint[],
        ${listOf(points, (point) => point.name)}::text[],
        ${listOf(points, (point) => point.step)}::int[],
        ${listOf(points, (point) => point.value)}::float8[]) AS point (student, name, step, value)
    )
    SELECT seq, pg_notify(${CHANNELS.runEvents}, ${runId} || '|' || seq)::text FROM run`
  return written?.seq ?? null
}

/** Numbers, or names without a character that would have to be quoted, as PostgreSQL writes a list. */
function listOf(points: readonly MetricPoint[], pick: (point: MetricPoint) => number | string): string {
  return `{${points.map(pick).join(',')}}`
}

/** The next events of a run after a sequence number, in order, METRICS with their points; at most `limit`. */
export async function readRunEvents(
  database: Database,
  runId: string,
  afterSeq: number,
  limit = 500,
): Promise<RunEventRecord[]> {
  // The points of an event come as one text: a row for each would take as long again.
  const rows = await database.$queryRaw<EventRow[]>`
    SELECT event.seq, event.at, event.payload, (
      SELECT json_agg(json_build_array(NULLIF(point.student, ${WHOLE_RUN}), point.name, point.step, point.value)
        ORDER BY point.step, point.student, point.name)::text
      FROM "MetricPoint" AS point
      WHERE event.kind = 'METRICS' AND point."runId" = event."runId" AND point."eventSeq" = event.seq
    ) AS points
    FROM "RunEvent" AS event WHERE event."runId" = ${runId} AND event.seq > ${afterSeq}
    ORDER BY event.seq LIMIT ${limit}`
  return rows.map(({ seq, at, payload, points }) => ({ runId, seq, at, payload, points: readPoints(points) }))
}

interface EventRow {
  seq: number
  at: Date
  payload: RunEventPayload
  points: string | null
}

type PointRow = [student: number | null, name: MetricPoint['name'], step: number, value: number | string]

function readPoints(text: string | null): MetricPoint[] {
  if (text === null) return []
  // JSON has no NaN and no infinity: PostgreSQL writes them as texts.
  return (JSON.parse(text) as PointRow[]).map(([student, name, step, value]) => ({
    student,
    name,
    step,
    value: Number(value),
  }))
}
