/**
 * `npm run worker`: one more worker, until Ctrl-C. Of this checkout's own product where nothing is said; on another machine
 * DATABASE_URL, REDIS_URL where the queue is there, and the address of the storage are all it needs.
 */
import { makeWorkerEnvironment } from './start/environment.ts'
import { formatLine } from './start/format-line.ts'
import { holdDatabase } from './start/hold-database.ts'
import { watchInterruption } from './start/interruption.ts'
import { programArguments } from './start/program.ts'
import { type Supervised, supervise } from './start/supervise.ts'

const NAME = 'worker'

async function main(): Promise<void> {
  const database = holdDatabase()
  let worker: Supervised | undefined
  watchInterruption().onUnawaited(async () => {
    await worker?.stop()
    await database.release()
  })
  try {
    await database.ready
    worker = supervise({
      name: NAME,
      args: programArguments('worker'),
      env: makeWorkerEnvironment(),
      onLine: (line) => console.log(formatLine(NAME, line)),
    })
  } catch (error) {
    await database.release()
    throw error
  }
}

await main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
