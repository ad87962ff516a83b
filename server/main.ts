import { readConfig } from './config.ts'
import { startServer } from './start-server.ts'

/** A server that has not stopped by then is stopped. */
const STOP_WITHIN_MS = 5_000

try {
  const server = await startServer(readConfig())
  const stop = () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
