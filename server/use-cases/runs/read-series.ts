import { type Database, Prisma } from '../../../prisma/client.ts'

/** One curve; source of the schema's Series. */
export interface Series {
  student: number | null
  name: string
  steps: number[]
  values: number[]
}

/** Selects a part of a run's curves; null fields do not restrict. */
export interface SeriesQuery {
  names: string[] | null
  /** Positions; series of the whole run are always included. */
  students: number[] | null
  /** Range of steps, inclusive. */
  from: number | null
  to: number | null
  /** Per series. */
  maxPoints: number
}

/** As in the triggers of MetricChunk. */
const BLOCK_STEPS = 64

interface PointRow {
  student: number
  name: string
  step: number
  value: number
}

/**
 * A run's curves. A series with more than `maxPoints` points is downsampled: it is divided into buckets of
 * equal length, and each bucket's lowest and highest values are kept, as are the first and last point, so
 * that peaks and dips survive. For long series, the precomputed extremes of every 64 steps are read instead
 * of the points.
 */
export async function readSeries(database: Database, runId: string, query: SeriesQuery): Promise<Series[]> {
  const [longest = { points: 0 }] = await database.$queryRaw<{ points: number }[]>`
    SELECT COALESCE(max(points), 0)::int AS points FROM (
      SELECT sum("count") AS points FROM "MetricBlock" AS point
      WHERE point."runId" = ${runId} AND ${isSelected(query)} AND ${isWithin(query, '"lastStep"', '"firstStep"')}
      GROUP BY student, name) AS series`
  const isLong = longest.points > (query.maxPoints / 4) * BLOCK_STEPS
  const rows = await database.$queryRaw<PointRow[]>`
    WITH points AS (${isLong ? extremesOf(runId, query) : pointsOf(runId, query)}), ${thinned(query.maxPoints)}`
  return groupBySeries(rows)
}

function isSelected({ names, students }: SeriesQuery): Prisma.Sql {
  return Prisma.sql`(${names === null} OR point.name = ANY (${names ?? []}))
    AND (${students === null} OR point.student < 0 OR point.student = ANY (${students ?? []}))`
}

/**
 * Matches rows whose range of steps, given by their last and first step's columns, overlaps the requested
 * range.
 */
function isWithin({ from, to }: SeriesQuery, last: string, first: string): Prisma.Sql {
  const begins = from === null ? Prisma.sql`TRUE` : Prisma.sql`${Prisma.raw(last)} >= ${from}`
  return to === null ? begins : Prisma.sql`${begins} AND ${Prisma.raw(first)} <= ${to}`
}

function pointsOf(runId: string, query: SeriesQuery): Prisma.Sql {
  return Prisma.sql`
    SELECT student, name, one.step, one.value
    FROM "MetricChunk" AS point, unnest(point.steps, point."values") AS one (step, value)
    WHERE point."runId" = ${runId} AND ${isSelected(query)} AND ${isWithin(query, '"lastStep"', '"firstStep"')}
      AND ${isWithin(query, 'one.step', 'one.step')}`
}

/** The lowest and highest point of every block, and the first and last point overall. */
function extremesOf(runId: string, query: SeriesQuery): Prisma.Sql {
  return Prisma.sql`
    SELECT DISTINCT point.student, point.name, extreme.step, extreme.value
    FROM "MetricBlock" AS point,
      LATERAL (VALUES (point."lowStep", point.low), (point."highStep", point.high)) AS extreme (step, value)
    WHERE point."runId" = ${runId} AND ${isSelected(query)}
      AND ${isWithin(query, '"firstStep"', '"lastStep"')}
    UNION
    SELECT ends.student, ends.name, point.step, point.value
    FROM (
      SELECT student, name, min("firstStep") AS first, max("lastStep") AS last FROM "MetricBlock" AS point
      WHERE point."runId" = ${runId} AND ${isSelected(query)} AND ${isWithin(query, '"firstStep"', '"lastStep"')}
      GROUP BY student, name) AS ends
    CROSS JOIN unnest(ARRAY[ends.first, ends.last]) AS wanted (step)
    CROSS JOIN LATERAL (
      SELECT steps, "values" FROM "MetricChunk"
      WHERE "runId" = ${runId} AND student = ends.student AND name = ends.name AND "firstStep" <= wanted.step
      ORDER BY "firstStep" DESC LIMIT 1) AS chunk
    CROSS JOIN unnest(chunk.steps, chunk."values") AS point (step, value)
    WHERE point.step = wanted.step`
}

function thinned(maxPoints: number): Prisma.Sql {
  const buckets = Math.max(1, Math.floor((maxPoints - 2) / 2))
  return Prisma.sql`numbered AS (
      SELECT student, name, step, value,
        row_number() OVER (PARTITION BY student, name ORDER BY step) - 1 AS i,
        count(*) OVER (PARTITION BY student, name) AS n
      FROM points
    ), ranked AS (
      SELECT student, name, step, value, i, n,
        row_number() OVER (PARTITION BY student, name, i * ${buckets}::int / n ORDER BY value, step) AS lowest,
        row_number() OVER (PARTITION BY student, name, i * ${buckets}::int / n ORDER BY value DESC, step) AS highest
      FROM numbered
    )
    SELECT student, name, step, value FROM ranked
    WHERE n <= ${maxPoints}::int OR i = 0 OR i = n - 1 OR (${maxPoints}::int >= 4 AND (lowest = 1 OR highest = 1))
    ORDER BY student, name, step`
}

function groupBySeries(rows: readonly PointRow[]): Series[] {
  const series = new Map<string, Series>()
  for (const { student, name, step, value } of rows) {
    const key = `${student}|${name}`
    const one = series.get(key) ?? { student: student < 0 ? null : student, name, steps: [], values: [] }
    one.steps.push(step)
    one.values.push(value)
    series.set(key, one)
  }
  return [...series.values()]
}
