/** A run's events: each is a row, numbered without gaps, and announced by NOTIFY to every listener. */
import type { MetricSeries, RunEventPayload, RunEventRecord } from '../contract/runs/run-events.ts'
import { type Database, Prisma, type Run, type Transaction } from '../prisma/client.ts'
import { HELD } from './lease.ts'
import { notifyRunEventSql } from './notifications.ts'
import { eventSeriesSql, insertChunksSql, parseSeries } from './points.ts'

/**
 * Appends an event, with its points, to a run and notifies listeners at commit. The sequence number is taken
 * under the run's row lock, so numbers have no gaps and commit in order.
 *
 * @param fence  the writer's fencing token; null for the server, which holds no run
 * @returns the event's sequence number, or null if the fence is stale and nothing was written
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
 * Appends a METRICS event with its points and updates the progress columns of the run's row, atomically, in
 * one statement.
 *
 * @returns as recordRunEvent; also null if no worker holds the run any more
 * @throws a constraint violation if a series already has a point for one of these steps
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
    run: Prisma.sql`id = ${runId} AND fence = ${fence} AND status IN ${HELD}`,
    columns: Prisma.sql`,
      step = ${step}, steps = ${steps}, epoch = ${epoch}, "imagesPerSecond" = ${imagesPerSecond}::float8`,
    payload,
    series,
  })
}

interface AppendedEvent {
  /** The WHERE condition that selects the run. */
  run: Prisma.Sql
  /** Further assignments to the run's row, each preceded by a comma. */
  columns?: Prisma.Sql
  payload: RunEventPayload
  series?: readonly MetricSeries[]
}

/** One statement, because events are frequent and each extra round trip would add to their latency. */
export async function appendEvent(
  client: Database | Transaction,
  { run, columns = Prisma.empty, payload, series = [] }: AppendedEvent,
): Promise<number | null> {
  const [written] = await client.$queryRaw<{ seq: number }[]>`
    WITH run AS (
      UPDATE "Run" SET "lastSeq" = "lastSeq" + 1 ${columns} WHERE ${run} RETURNING "teamId", id, "lastSeq" AS seq
    ), event AS (
      INSERT INTO "RunEvent" ("teamId", "runId", seq, kind, payload, at)
      SELECT "teamId", id, seq, ${payload.kind}::"RunEventKind", ${JSON.stringify(payload)}::jsonb,
        clock_timestamp()
      FROM run
    ) ${insertChunksSql(series)}
    SELECT seq, ${notifyRunEventSql(Prisma.sql`id`, Prisma.sql`seq`)}::text FROM run`
  return written?.seq ?? null
}

/** Up to `limit` events of a run after a sequence number, in order; METRICS events include their points. */
export async function readRunEvents(
  database: Database,
  runId: string,
  afterSeq: number,
  limit = 500,
): Promise<RunEventRecord[]> {
  const rows = await database.$queryRaw<EventRow[]>`
    SELECT event.seq, event.at, event.payload, ${eventSeriesSql} AS series
    FROM "RunEvent" AS event WHERE event."runId" = ${runId} AND event.seq > ${afterSeq}
    ORDER BY event.seq LIMIT ${limit}`
  return rows.map(({ seq, at, payload, series }) => ({
    runId,
    seq,
    at,
    payload,
    series: parseSeries(series),
  }))
}

interface EventRow {
  seq: number
  at: Date
  payload: RunEventPayload
  series: string | null
}

/**
 * Runs of the given teams whose status changed, either in one of the given events or since a point in time:
 * one entry per change, each with the run's current row.
 */
export async function readChangedRuns(
  database: Database,
  teamIds: string[],
  changes: { events: { runId: string; seq: number }[] } | { since: Date },
): Promise<Run[]> {
  const where = 'since' in changes ? { at: { gt: changes.since } } : { OR: changes.events }
  const events = await database.runEvent.findMany({
    where: { kind: 'STATUS', teamId: { in: teamIds }, ...where },
    include: { run: true },
    orderBy: [{ runId: 'asc' }, { seq: 'asc' }],
  })
  return events.map(({ run }) => run)
}
