import type { LogLevel, LogSource } from '../../../contract/run-events.ts'
import type { Database } from '../../../prisma/client.ts'
import { countLog, type LogLine, readLog } from '../../use-cases/runs/read-log.ts'
import { type Connection, type PageArguments, readPage } from '../connection.ts'

interface Asked extends PageArguments {
  levels?: readonly LogLevel[] | null
  sources?: readonly LogSource[] | null
}

/** A page of a run's log; cursors are sequence numbers, so that new lines shift nothing. */
export function readLogPage(
  database: Database,
  runId: string,
  { levels, sources, ...page }: Asked,
): Promise<Connection<LogLine>> {
  const filter = { levels: levels ?? null, sources: sources ?? null }
  return readPage<LogLine, number>(page, {
    keyOf: ({ seq }) => seq,
    parseKey: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    read: (after, limit) => readLog(database, runId, after ?? 0, filter, limit),
    count: () => countLog(database, runId, filter),
  })
}
