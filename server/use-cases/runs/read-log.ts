import type { LogLevel, LogSource } from '../../../contract/runs/run-events.ts'
import { type LoggedEvent, type LogWording, wordLogLine } from '../../../contract/runs/run-log.ts'
import { type Database, Prisma } from '../../../prisma/client.ts'
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
  page: PageArguments,
): Promise<Connection<LogLine>> {
  return readPage<LogLine, number>(page, {
    keyOf: ({ seq }) => seq,
    parseKey: parseNumberKey,
    read: (after, limit) => readLog(database, runId, after ?? 0, filter, limit),
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
  const rows = await database.$queryRaw<{ seq: number; at: Date; payload: LoggedEvent }[]>`
    SELECT seq, at, payload FROM "RunEvent" WHERE ${linesOf(runId, filter)} AND seq > ${afterSeq}
    ORDER BY seq LIMIT ${limit}`
  const last = rows.at(-1)
  if (!last) return []
  const changes = await database.$queryRaw<{ seq: number; attempt: number }[]>`
    SELECT seq, (payload->>'attempt')::int AS attempt FROM "RunEvent"
    WHERE "runId" = ${runId} AND kind = 'STATUS' AND seq <= ${last.seq} ORDER BY seq`
  let next = 0
  let attempt = 1
  return rows.map(({ seq, at, payload }) => {
    for (let change = changes[next]; change && change.seq <= seq; change = changes[++next]) {
      attempt = change.attempt
    }
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
