import type { LogLevel, LogSource } from '../../../contract/runs/run-events.ts'
import { type LoggedEvent, type LogWording, wordLogLine } from '../../../contract/runs/run-log.ts'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { byTimeSql, type TimeOrder } from '../list-order.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'

/** A line of a run's log: a message, or a status change, whose source is the worker. */
export interface LogLine extends LogWording {
  /** The event's sequence number, by which lines are ordered. */
  seq: number
  at: Date
  /** From 1. */
  attempt: number
}

export interface LogFilter {
  /** Levels to include; null for all. */
  levels: readonly LogLevel[] | null
  /** Sources to include; null for all. */
  sources: readonly LogSource[] | null
}

/** A page of a run's log; cursors are sequence numbers, so that new lines do not shift pages. */
export function readLogPage(
  database: Database,
  runId: string,
  filter: LogFilter,
  { orderBy, ...page }: PageArguments & { orderBy?: TimeOrder | null },
): Promise<Connection<LogLine>> {
  return readPage<LogLine, number>(page, {
    keyOf: ({ seq }) => seq,
    parseKey: parseNumberKey,
    read: async (key, limit) => {
      const by = byTimeSql(orderBy ?? 'OLDEST', Prisma.sql`seq`, key)
      return withAttempts(database, runId, await readRows(database, runId, filter, by, limit))
    },
    count: () => countLog(database, runId, filter),
  })
}

/**
 * Up to `limit` lines of a run after a sequence number, in order. The caller must have checked permissions.
 */
export async function readLog(
  database: Database,
  runId: string,
  afterSeq: number,
  filter: LogFilter,
  limit: number,
): Promise<LogLine[]> {
  const by = byTimeSql('OLDEST', Prisma.sql`seq`, afterSeq)
  return withAttempts(database, runId, await readRows(database, runId, filter, by, limit))
}

interface LogRow {
  seq: number
  at: Date
  payload: LoggedEvent
}

function readRows(
  database: Database,
  runId: string,
  filter: LogFilter,
  { onwards, orderBy }: ReturnType<typeof byTimeSql>,
  limit: number,
): Promise<LogRow[]> {
  return database.$queryRaw<LogRow[]>`
    SELECT seq, at, payload FROM "RunEvent" WHERE ${linesOf(runId, filter)} AND ${onwards}
    ORDER BY ${orderBy} LIMIT ${limit}`
}

/** Each line with the attempt to which it belongs, whichever of them come first. */
async function withAttempts(database: Database, runId: string, rows: LogRow[]): Promise<LogLine[]> {
  const lastSeq = Math.max(0, ...rows.map(({ seq }) => seq))
  const changes = await database.$queryRaw<{ seq: number; attempt: number }[]>`
    SELECT seq, (payload->>'attempt')::int AS attempt FROM "RunEvent"
    WHERE "runId" = ${runId} AND kind = 'STATUS' AND seq <= ${lastSeq} ORDER BY seq`
  return rows.map(({ seq, at, payload }) => {
    const attempt = changes.findLast((change) => change.seq <= seq)?.attempt ?? 1
    return { seq, at, attempt, ...wordLogLine(payload) }
  })
}

async function countLog(database: Database, runId: string, filter: LogFilter): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "RunEvent" WHERE ${linesOf(runId, filter)}`
  return row?.count ?? 0
}

/** The rules of `wordLogLine` for level and source, in SQL. */
const LEVEL = Prisma.sql`CASE WHEN kind = 'LOG' THEN payload->>'level'
  WHEN jsonb_typeof(payload->'failure') = 'object' THEN 'ERROR' ELSE 'INFO' END`
const SOURCE = Prisma.sql`CASE WHEN kind = 'LOG' THEN coalesce(payload->>'source', 'TRAINING') ELSE 'WORKER' END`

function linesOf(runId: string, { levels, sources }: LogFilter): Prisma.Sql {
  const ofLevels = levels ? Prisma.sql`AND ${LEVEL} = ANY(${[...levels]})` : Prisma.empty
  const ofSources = sources ? Prisma.sql`AND ${SOURCE} = ANY(${[...sources]})` : Prisma.empty
  return Prisma.sql`"runId" = ${runId} AND kind IN ('LOG', 'STATUS') ${ofLevels} ${ofSources}`
}
