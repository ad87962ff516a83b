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
  const [run] = await tx.$queryRaw<{ teamId: string; lastSeq: number }[]>`
    UPDATE "Run" SET "lastSeq" = "lastSeq" + 1 WHERE id = ${runId} ${held} RETURNING "teamId", "lastSeq"`
  if (!run) return null
  const seq = run.lastSeq
  await tx.runEvent.create({ data: { teamId: run.teamId, runId, seq, kind: payload.kind, payload } })
  if (points.length > 0) {
    await tx.metricPoint.createMany({
      data: points.map((point) => ({
        teamId: run.teamId,
        runId,
        student: point.student ?? WHOLE_RUN,
        name: point.name,
        step: point.step,
        value: point.value,
        eventSeq: seq,
      })),
    })
  }
  await tx.$executeRaw`SELECT pg_notify(${CHANNELS.runEvents}, ${`${runId}|${seq}`})`
  return seq
}

/** The next events of a run after a sequence number, in order, METRICS with their points; at most `limit`. */
export async function readRunEvents(
  database: Database,
  runId: string,
  afterSeq: number,
  limit = 500,
): Promise<RunEventRecord[]> {
  const rows = await database.runEvent.findMany({
    where: { runId, seq: { gt: afterSeq } },
    orderBy: { seq: 'asc' },
    take: limit,
  })
  const seqs = rows.filter((row) => row.kind === 'METRICS').map((row) => row.seq)
  const pointsBySeq = await readPointsBySeq(database, runId, seqs)
  return rows.map((row) => ({
    runId,
    seq: row.seq,
    at: row.at,
    payload: row.payload as RunEventPayload,
    points: pointsBySeq.get(row.seq) ?? [],
  }))
}

async function readPointsBySeq(
  database: Database,
  runId: string,
  seqs: number[],
): Promise<Map<number, MetricPoint[]>> {
  const bySeq = new Map<number, MetricPoint[]>(seqs.map((seq) => [seq, []]))
  if (seqs.length === 0) return bySeq
  const rows = await database.metricPoint.findMany({
    where: { runId, eventSeq: { gte: seqs[0], lte: seqs.at(-1) } },
    orderBy: [{ eventSeq: 'asc' }, { step: 'asc' }, { student: 'asc' }, { name: 'asc' }],
  })
  for (const row of rows) {
    const student = row.student === WHOLE_RUN ? null : row.student
    const name = row.name as MetricPoint['name']
    bySeq.get(row.eventSeq)?.push({ student, name, step: row.step, value: row.value })
  }
  return bySeq
}
