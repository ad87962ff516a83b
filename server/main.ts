import { guardProcess } from '../logging/guard-process.ts'
import { openLog } from '../logging/open-log.ts'
import { openTracing } from '../logging/tracing.ts'
import { readConfig } from './config.ts'
import { type RunningServer, startServer } from './start-server.ts'

/** A server that has not stopped by then is stopped. */
const STOP_WITHIN_MS = 5_000

// What it writes is for its own user alone.
process.umask(0o077)

try {
  const config = readConfig()
  const closeTracing = await openTracing('server', config.tracesEndpoint)
  let server: RunningServer | undefined
  const stop = () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    Promise.resolve(server?.close())
      .finally(closeTracing)
      .then(
        () => process.exit(),
        () => process.exit(1),
      )
  }
  guardProcess(openLog('server', config.logLevel), stop)
  server = await startServer(config)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
