import type { RunLoad } from '../../../contract/runs/run-events.ts'
import type { Database, RunAttempt } from '../../../prisma/client.ts'

/** When steps were reached and how fast, in columns; source of the schema's RunPace. */
export interface Pace {
  steps: number[]
  seconds: number[]
  imagesPerSecond: number[]
  loads: (RunLoad | null)[]
}

interface ReportRow {
  at: Date
  step: number
  imagesPerSecond: number
  load: RunLoad | null
}

/**
 * About `maxPoints` reports of a run, evenly over its events, with the first and the last one. Each is looked up by its
 * number, because a long run has too many events to read.
 */
export async function readPace(
  database: Database,
  runId: string,
  attempts: readonly RunAttempt[],
  maxPoints: number,
): Promise<Pace> {
  const rows = await database.$queryRaw<ReportRow[]>`
    WITH places AS (
      SELECT DISTINCT 1 + i::bigint * GREATEST("lastSeq" - 1, 0) / ${maxPoints - 1}::int AS seq
      FROM "Run", generate_series(0, ${maxPoints - 1}::int) AS i WHERE id = ${runId}
    ), reports AS (
      SELECT report.seq FROM places CROSS JOIN LATERAL (
        SELECT seq FROM "RunEvent" WHERE "runId" = ${runId} AND seq >= places.seq AND kind = 'METRICS'
        ORDER BY seq LIMIT 1) AS report
      UNION
      (SELECT seq FROM "RunEvent" WHERE "runId" = ${runId} AND kind = 'METRICS' ORDER BY seq DESC LIMIT 1)
    )
    SELECT at, (payload->>'step')::int AS step, (payload->>'imagesPerSecond')::float8 AS "imagesPerSecond",
      payload->'load' AS load
    FROM "RunEvent" JOIN reports USING (seq) WHERE "runId" = ${runId} ORDER BY seq`
  const kept = firstTimesOf(rows)
  return {
    steps: kept.map(({ step }) => step),
    seconds: kept.map(({ at }) => heldSeconds(attempts, at)),
    imagesPerSecond: kept.map(({ imagesPerSecond }) => imagesPerSecond),
    loads: kept.map(({ load }) => load),
  }
}

/** Steps that a later attempt trained again count by that attempt; of several reports of a step the first counts. */
function firstTimesOf(rows: readonly ReportRow[]): ReportRow[] {
  const kept: ReportRow[] = []
  for (const row of rows) {
    while ((kept.at(-1)?.step ?? 0) > row.step) kept.pop()
    if (kept.at(-1)?.step !== row.step) kept.push(row)
  }
  return kept
}

function heldSeconds(attempts: readonly RunAttempt[], at: Date): number {
  const heldMs = attempts.reduce((sum, { startedAt, endedAt }) => {
    const until = endedAt === null ? at.getTime() : Math.min(at.getTime(), endedAt.getTime())
    return sum + Math.max(0, until - startedAt.getTime())
  }, 0)
  return heldMs / 1000
}
