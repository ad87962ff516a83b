/** A worker: imports datasets and trains runs, until it is told to end. */

import { openLog } from '../logging/open-log.ts'
import { readConfig } from './config.ts'
import { startWorker } from './worker.ts'

/** A database that does not answer may hold up the end: whoever waits half a minute for this process sees it end by itself. */
const LONGEST_END_MS = 28_000

async function main(): Promise<void> {
  const config = readConfig()
  const log = openLog('worker', config.logLevel)
  const worker = await startWorker(config, log)
  log.info({ name: config.name, trainings: config.trainings }, 'waiting for jobs')
  let ending = false
  const end = (signal: string) => {
    if (ending) return
    ending = true
    log.info({ signal }, 'ending')
    setTimeout(() => {
      log.error('could not end in order; whoever goes on will take its runs for lost')
      process.exit(1)
    }, LONGEST_END_MS)
    void worker.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
