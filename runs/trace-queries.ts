import { isTracing, traced } from '../logging/tracing.ts'
import type { Database } from '../prisma/client.ts'

/** The same database, with a span for each query of what is traced; where nothing is, the very same. */
export function traceQueries(database: Database): Database {
  if (!isTracing()) return database
  const tracing = database.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) =>
        traced(`${model ?? 'SQL'} ${operation}`, { 'db.system.name': 'postgresql' }, () => query(args)),
    },
  })
  return tracing as unknown as Database
}
