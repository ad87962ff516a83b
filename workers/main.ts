/** A worker process: imports datasets and trains runs until it is asked to shut down. */

import { guardProcess } from '../logging/guard-process.ts'
import { openLog } from '../logging/open-log.ts'
import { openTracing } from '../logging/tracing.ts'
import { readConfig } from './config.ts'
import { startWorker } from './worker.ts'

/**
 * An unresponsive database may delay shutdown; this keeps it under the 30 s after which a supervisor would
 * kill it.
 */
const MAX_SHUTDOWN_MS = 28_000

async function main(): Promise<void> {
  // Files that it writes are accessible to its own user only.
  process.umask(0o077)
  const config = readConfig()
  const log = openLog('worker', config.logLevel)
  const closeTracing = await openTracing('worker', config.tracesEndpoint)
  const worker = await startWorker(config, log)
  log.info({ name: config.name, trainings: config.trainings }, 'waiting for jobs')
  let ending = false
  const end = (signal: string) => {
    if (ending) return
    ending = true
    log.info({ signal }, 'ending')
    setTimeout(() => {
      log.error('could not shut down cleanly; other workers will treat its runs as lost')
      process.exit(1)
    }, MAX_SHUTDOWN_MS)
    void worker
      .close()
      .finally(closeTracing)
      .finally(() => process.exit())
  }
  guardProcess(log, () => end('an error that nobody caught'))
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
