import {
  CHANNELS,
  type MetricSeries,
  type RunEventPayload,
  type RunEventRecord,
} from '../contract/run-events.ts'
import { type Database, Prisma, type Transaction } from '../prisma/client.ts'

/** The position that stands for the whole run, where a series has no student. */
const WHOLE_RUN = -1

/**
 * Appends one event to a run, its points with it, and tells every listener at commit. The sequence number is taken under
 * the run's row lock: numbers have no gap and commit in order.
 *
 * @param fence  the writer's fencing token; null for the server, which holds no run
 * @returns the event's sequence number, or null where the fence is old and nothing was written
 */
export async function recordRunEvent(
  tx: Transaction,
  runId: string,
  fence: number | null,
  payload: RunEventPayload,
  series: readonly MetricSeries[] = [],
): Promise<number | null> {
  return appendEvent(tx, {
    run: Prisma.sql`id = ${runId} ${fence === null ? Prisma.empty : Prisma.sql`AND fence = ${fence}`}`,
    payload,
    series,
  })
}

type Metrics = Extract<RunEventPayload, { kind: 'METRICS' }>

/**
 * Appends a METRICS event with its points, and has the run's row say how far it is: one statement, and so all of it or
 * nothing.
 *
 * @returns as above; null, too, where no worker holds the run any more
 * @throws a violation of a constraint where a point of one of these steps is there
 */
export async function recordMetrics(
  database: Database,
  runId: string,
  fence: number,
  payload: Metrics,
  series: readonly MetricSeries[],
): Promise<number | null> {
  const { step, steps, epoch, imagesPerSecond } = payload
  return appendEvent(database, {
    run: Prisma.sql`id = ${runId} AND fence = ${fence} AND status IN ('STARTING', 'RUNNING', 'PAUSING')`,
    progress: Prisma.sql`,
      step = ${step}, steps = ${steps}, epoch = ${epoch}, "imagesPerSecond" = ${imagesPerSecond}::float8`,
    payload,
    series,
  })
}

interface Appended {
  /** Which run, and under what condition. */
  run: Prisma.Sql
  progress?: Prisma.Sql
  payload: RunEventPayload
  series: readonly MetricSeries[]
}

/** One statement: what is written often must not wait for answers in between. */
async function appendEvent(
  client: Database | Transaction,
  { run, progress = Prisma.empty, payload, series }: Appended,
): Promise<number | null> {
  const chunks = series.length > 0 ? insertChunks(series) : Prisma.empty
  const [written] = await client.$queryRaw<{ seq: number }[]>`
    WITH run AS (
      UPDATE "Run" SET "lastSeq" = "lastSeq" + 1 ${progress} WHERE ${run} RETURNING "teamId", id, "lastSeq" AS seq
    ), event AS (
      INSERT INTO "RunEvent" ("teamId", "runId", seq, kind, payload, at)
      SELECT "teamId", id, seq, ${payload.kind}::"RunEventKind", ${JSON.stringify(payload)}::jsonb,
        clock_timestamp()
      FROM run
    ) ${chunks}
    SELECT seq, pg_notify(${CHANNELS.runEvents}, id || '|' || seq)::text FROM run`
  return written?.seq ?? null
}

/** Lists go as PostgreSQL writes them, which has NaN and infinity, too. */
function insertChunks(series: readonly MetricSeries[]): Prisma.Sql {
  const list = (numbers: readonly number[]) => `{${numbers.join(',')}}`
  const listOf = (pick: (one: MetricSeries) => number | string) => `{${series.map(pick).join(',')}}`
  return Prisma.sql`, chunks AS (
      INSERT INTO "MetricChunk"
        ("teamId", "runId", student, name, "firstStep", "lastStep", steps, "values", "eventSeq")
      SELECT run."teamId", run.id, student, name, first, last, steps::int[], "values"::float8[], run.seq
      FROM run, unnest(
        ${listOf(({ student }) => student ?? WHOLE_RUN)}::smallint[],
        ${listOf(({ name }) => name)}::text[],
        ${listOf(({ steps }) => steps[0]!)}::int[],
        ${listOf(({ steps }) => steps.at(-1)!)}::int[],
        ${series.map(({ steps }) => list(steps))}::text[],
        ${series.map(({ values }) => list(values))}::text[]) AS one (student, name, first, last, steps, "values")
    )`
}

/**
 * Forgets a run's points after a step, which are to be measured again, and its blocks with them.
 * @param isTested  false where those of the evaluation after that very step go, too
 */
export async function removePointsAfter(
  tx: Transaction,
  runId: string,
  step: number,
  isTested: boolean,
): Promise<void> {
  const last = Prisma.sql`(CASE WHEN name LIKE 'test%' AND NOT ${isTested} THEN ${step - 1}::int ELSE ${step}::int END)`
  await tx.$executeRaw`DELETE FROM "MetricChunk" WHERE "runId" = ${runId} AND "firstStep" > ${last}`
  await tx.$executeRaw`
    UPDATE "MetricChunk" AS chunk
    SET steps = kept.steps, "values" = kept."values", "lastStep" = kept.steps[cardinality(kept.steps)]
    FROM (
      SELECT student, name, "firstStep", array_agg(point.step ORDER BY point.step) AS steps,
        array_agg(point.value ORDER BY point.step) AS "values"
      FROM "MetricChunk", unnest(steps, "values") AS point (step, value)
      WHERE "runId" = ${runId} AND "lastStep" > ${last} AND point.step <= ${last}
      GROUP BY student, name, "firstStep") AS kept
    WHERE chunk."runId" = ${runId} AND chunk.student = kept.student AND chunk.name = kept.name
      AND chunk."firstStep" = kept."firstStep"`
}

/** The next events of a run after a sequence number, in order, METRICS with their points; at most `limit`. */
export async function readRunEvents(
  database: Database,
  runId: string,
  afterSeq: number,
  limit = 500,
): Promise<RunEventRecord[]> {
  // The points of an event come as one text: a row for each series would take as long again.
  const rows = await database.$queryRaw<EventRow[]>`
    SELECT event.seq, event.at, event.payload, (
      SELECT json_agg(json_build_array(NULLIF(chunk.student, ${WHOLE_RUN}), chunk.name, chunk.steps, chunk."values")
        ORDER BY chunk.student, chunk.name)::text
      FROM "MetricChunk" AS chunk
      WHERE event.kind = 'METRICS' AND chunk."runId" = event."runId" AND chunk."eventSeq" = event.seq
    ) AS series
    FROM "RunEvent" AS event WHERE event."runId" = ${runId} AND event.seq > ${afterSeq}
    ORDER BY event.seq LIMIT ${limit}`
  return rows.map(({ seq, at, payload, series }) => ({ runId, seq, at, payload, series: readSeries(series) }))
}

interface EventRow {
  seq: number
  at: Date
  payload: RunEventPayload
  series: string | null
}

type ChunkRow = [
  student: number | null,
  name: MetricSeries['name'],
  steps: number[],
  values: (number | string)[],
]

function readSeries(text: string | null): MetricSeries[] {
  if (text === null) return []
  // JSON has no NaN and no infinity: PostgreSQL writes them as texts.
  return (JSON.parse(text) as ChunkRow[]).map(([student, name, steps, values]) => ({
    student,
    name,
    steps,
    values: values.map(Number),
  }))
}
