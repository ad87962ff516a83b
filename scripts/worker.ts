/** `npm run worker`: one more worker of this checkout's product, beside the one that `npm start` runs. Until Ctrl-C. */
import { makeEnvironment } from './processes/environment.ts'
import { formatLine } from './processes/format-line.ts'
import { holdDatabase } from './processes/hold-database.ts'
import { watchInterruption } from './processes/interruption.ts'
import { type Supervised, supervise } from './processes/supervise.ts'
import { readPorts } from './setup/choose-ports.mjs'

const NAME = 'worker'

async function main(): Promise<void> {
  const ports = readPorts()
  if (!ports) throw new Error('Nothing is set up yet: run `npm run setup` first.')
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
      args: ['--import', 'tsx', 'workers/main.ts'],
      env: makeEnvironment(ports),
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
