import { type Database, Prisma } from '../../prisma/client.ts'

/** A student's newest numbers in a run; null while there is none. */
export interface StudentNumbers {
  lastLoss: number | null
  lastTrainTop1: number | null
  lastTestTop1: number | null
  bestTestTop1: number | null
  lastTestMap: number | null
  bestTestMap: number | null
}

/** By run and position. Each number is one look into a primary key, however long the run is. */
export async function readStudentNumbers(
  database: Database,
  runIds: string[],
): Promise<Map<string, Map<number, StudentNumbers>>> {
  const rows = await database.$queryRaw<({ runId: string; position: number } & StudentNumbers)[]>`
    SELECT r.id AS "runId", s.position,
      (SELECT "values"[cardinality("values")] FROM "MetricChunk"
       WHERE "runId" = r.id AND student = s.position AND name = 'loss'
       ORDER BY "firstStep" DESC LIMIT 1) AS "lastLoss",
      (SELECT "values"[cardinality("values")] FROM "MetricChunk"
       WHERE "runId" = r.id AND student = s.position AND name = 'trainTop1'
       ORDER BY "firstStep" DESC LIMIT 1) AS "lastTrainTop1",
      (SELECT "values"[cardinality("values")] FROM "MetricChunk"
       WHERE "runId" = r.id AND student = s.position AND name = 'testTop1'
       ORDER BY "firstStep" DESC LIMIT 1) AS "lastTestTop1",
      (SELECT max(high) FROM "MetricBlock" WHERE "runId" = r.id AND student = s.position
       AND name = 'testTop1') AS "bestTestTop1",
      (SELECT "values"[cardinality("values")] FROM "MetricChunk"
       WHERE "runId" = r.id AND student = s.position AND name = 'testMap'
       ORDER BY "firstStep" DESC LIMIT 1) AS "lastTestMap",
      (SELECT max(high) FROM "MetricBlock" WHERE "runId" = r.id AND student = s.position
       AND name = 'testMap') AS "bestTestMap"
    FROM "Run" r JOIN "Student" s ON s."cohortId" = r."cohortId"
    WHERE r.id = ANY (${runIds})`
  const byRun = new Map<string, Map<number, StudentNumbers>>()
  for (const { runId, position, ...numbers } of rows) {
    const ofRun = byRun.get(runId) ?? new Map<number, StudentNumbers>()
    byRun.set(runId, ofRun.set(position, numbers))
  }
  return byRun
}

/** One curve, as the schema's Series. */
export interface Series {
  student: number | null
  name: string
  steps: number[]
  values: number[]
}

/** Which part of a run's curves is asked for; everything where nothing is said. */
export interface SeriesWish {
  names: string[] | null
  /** Positions; a number of the whole run is always told. */
  students: number[] | null
  /** Steps, both included. */
  from: number | null
  to: number | null
  /** Of each series. */
  maxPoints: number
}

/** As the triggers of MetricChunk have it. */
const BLOCK_STEPS = 64

interface PointRow {
  student: number
  name: string
  step: number
  value: number
}

/**
 * A run's curves. A series with more than `maxPoints` points is cut into buckets of equal length, of which the lowest
 * and the highest value stay, and the first and the last point: peaks and dips survive. Of a long one not the points are
 * read but the lowest and highest of every 64 steps.
 */
export async function readSeries(database: Database, runId: string, wish: SeriesWish): Promise<Series[]> {
  const [longest] = await database.$queryRaw<{ points: number }[]>`
    SELECT COALESCE(max(points), 0)::int AS points FROM (
      SELECT sum("count") AS points FROM "MetricBlock" AS point
      WHERE point."runId" = ${runId} AND ${isWished(wish)} AND ${isWithin(wish, '"lastStep"', '"firstStep"')}
      GROUP BY student, name) AS series`
  const isLong = longest!.points > (wish.maxPoints / 4) * BLOCK_STEPS
  const rows = await database.$queryRaw<PointRow[]>`
    WITH points AS (${isLong ? extremesOf(runId, wish) : pointsOf(runId, wish)}), ${thinned(wish.maxPoints)}`
  return groupBySeries(rows)
}

function isWished({ names, students }: SeriesWish): Prisma.Sql {
  return Prisma.sql`(${names === null} OR point.name = ANY (${names ?? []}))
    AND (${students === null} OR point.student < 0 OR point.student = ANY (${students ?? []}))`
}

/** True of rows whose steps, of which these columns are the last and the first, overlap with those asked for. */
function isWithin({ from, to }: SeriesWish, last: string, first: string): Prisma.Sql {
  const begins = from === null ? Prisma.sql`TRUE` : Prisma.sql`${Prisma.raw(last)} >= ${from}`
  return to === null ? begins : Prisma.sql`${begins} AND ${Prisma.raw(first)} <= ${to}`
}

function pointsOf(runId: string, wish: SeriesWish): Prisma.Sql {
  return Prisma.sql`
    SELECT student, name, one.step, one.value
    FROM "MetricChunk" AS point, unnest(point.steps, point."values") AS one (step, value)
    WHERE point."runId" = ${runId} AND ${isWished(wish)} AND ${isWithin(wish, '"lastStep"', '"firstStep"')}
      AND ${isWithin(wish, 'one.step', 'one.step')}`
}

/** The lowest and the highest point of every block, and the first and the last point of all. */
function extremesOf(runId: string, wish: SeriesWish): Prisma.Sql {
  return Prisma.sql`
    SELECT DISTINCT point.student, point.name, extreme.step, extreme.value
    FROM "MetricBlock" AS point,
      LATERAL (VALUES (point."lowStep", point.low), (point."highStep", point.high)) AS extreme (step, value)
    WHERE point."runId" = ${runId} AND ${isWished(wish)}
      AND ${isWithin(wish, '"firstStep"', '"lastStep"')}
    UNION
    SELECT ends.student, ends.name, point.step, point.value
    FROM (
      SELECT student, name, min("firstStep") AS first, max("lastStep") AS last FROM "MetricBlock" AS point
      WHERE point."runId" = ${runId} AND ${isWished(wish)} AND ${isWithin(wish, '"firstStep"', '"lastStep"')}
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
