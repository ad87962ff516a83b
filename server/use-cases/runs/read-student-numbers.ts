import type { Database } from '../../../prisma/client.ts'

/** A student's latest metrics in a run; null before the first. */
export interface StudentNumbers {
  lastLoss: number | null
  lastTrainTop1: number | null
  lastTestTop1: number | null
  bestTestTop1: number | null
  lastTestMap: number | null
  bestTestMap: number | null
}

/** By run and position. Each metric is a single primary key lookup, however long the run. */
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
