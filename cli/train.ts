/**
 * `npm run train`: trains with the same engine on a dataset on disk, without services.
 * Exit codes: 0 trained, 1 the training failed, 2 usage error or unusable data, 130 interrupted.
 */
import { trainingEnvironment } from '../workers/training/training-environment.ts'
import { TrainingFailed } from './train/carry-out.ts'
import { readOptions } from './train/read-options.ts'
import { showAsJson, showOnTerminal } from './train/show-training.ts'
import { checkpointFolder, trainOnDisk } from './train/train-on-disk.ts'
import { UsageError } from './train/usage-error.ts'

class Interrupted extends Error {}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (!options) return
  const interruption = new AbortController()
  const farewell =
    options.resume || options.checkpointEvery
      ? `Interrupted; the same command goes on from ${checkpointFolder(options)}.`
      : 'Interrupted; nothing was left behind.'
  const interrupt = () => interruption.abort(new Interrupted(farewell))
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const view = options.json ? showAsJson() : showOnTerminal(options.cohort)
  try {
    view.finished(await trainOnDisk(options, trainingEnvironment(process.env), view, interruption.signal))
  } finally {
    view.end()
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2
  if (error instanceof Interrupted) return 130
  return 1
}

try {
  await main()
} catch (error) {
  const isExpected =
    error instanceof UsageError || error instanceof TrainingFailed || error instanceof Interrupted
  console.error(isExpected ? error.message : error)
  process.exitCode = exitCodeOf(error)
}
