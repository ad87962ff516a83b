/** The points of a run's curves, stored as they were recorded: one row per series of a METRICS event. */
import type { MetricSeries } from '../contract/runs/run-events.ts'
import { Prisma, type Transaction } from '../prisma/client.ts'

/** Stored as the student's position for series of the whole run. */
const WHOLE_RUN = -1

/**
 * A data-modifying CTE that follows a CTE `run` with `"teamId"`, `id` and `seq`. Lists are passed as
 * PostgreSQL array literals, which can also express NaN and infinity.
 */
export function insertChunksSql(series: readonly MetricSeries[]): Prisma.Sql {
  if (series.length === 0) return Prisma.empty
  const list = (numbers: readonly number[]) => `{${numbers.join(',')}}`
  const listOf = (pick: (one: MetricSeries) => number | string | undefined) =>
    `{${series.map(pick).join(',')}}`
  return Prisma.sql`, chunks AS (
      INSERT INTO "MetricChunk"
        ("teamId", "runId", student, name, "firstStep", "lastStep", steps, "values", "eventSeq")
      SELECT run."teamId", run.id, student, name, first, last, steps::int[], "values"::float8[], run.seq
      FROM run, unnest(
        ${listOf(({ student }) => student ?? WHOLE_RUN)}::smallint[],
        ${listOf(({ name }) => name)}::text[],
        ${listOf(({ steps }) => steps.at(0))}::int[],
        ${listOf(({ steps }) => steps.at(-1))}::int[],
        ${series.map(({ steps }) => list(steps))}::text[],
        ${series.map(({ values }) => list(values))}::text[]) AS one (student, name, first, last, steps, "values")
    )`
}

/**
 * A SELECT expression over "RunEvent" AS event: its points as one JSON text. Returning one row per series
 * would double the time.
 */
export const eventSeriesSql = Prisma.sql`(
  SELECT json_agg(json_build_array(NULLIF(chunk.student, ${WHOLE_RUN}), chunk.name, chunk.steps, chunk."values")
    ORDER BY chunk.student, chunk.name)::text
  FROM "MetricChunk" AS chunk
  WHERE event.kind = 'METRICS' AND chunk."runId" = event."runId" AND chunk."eventSeq" = event.seq)`

type ChunkColumns = [
  student: number | null,
  name: MetricSeries['name'],
  steps: number[],
  values: (number | string)[],
]

/** Parses the result of `eventSeriesSql`. */
export function parseSeries(text: string | null): MetricSeries[] {
  if (text === null) return []
  // JSON has no NaN or infinity; PostgreSQL writes them as strings.
  return (JSON.parse(text) as ChunkColumns[]).map(([student, name, steps, values]) => ({
    student,
    name,
    steps,
    values: values.map(Number),
  }))
}

/**
 * Deletes a run's points after a step, which will be measured again; a trigger updates the aggregated
 * blocks.
 * @param isTested  false to also delete the evaluation points of that step itself
 */
export async function removePointsAfter(
  tx: Transaction,
  runId: string,
  step: number,
  isTested: boolean,
): Promise<void> {
  const last = Prisma.sql`(CASE WHEN (name LIKE 'test%' OR name LIKE 'validation%') AND NOT ${isTested} THEN ${step - 1}::int ELSE ${step}::int END)`
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
