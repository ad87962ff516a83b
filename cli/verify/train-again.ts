import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { canonicalJson, type Receipt } from '../../contract/runs/receipt.ts'
import type { TrainingEvent, TrainingOrder } from '../../contract/training.ts'
import { DETERMINISTIC } from '../../experiments/record.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { locateBlobs } from '../../workers/training/locate-blobs.ts'
import { startTraining } from '../../workers/training/start-training.ts'
import { trainingEnvironment } from '../../workers/training/training-environment.ts'
import { packFromDisk } from '../train/pack-from-disk.ts'
import { UsageError } from '../train/usage-error.ts'
import { FollowedTraining, type Verdict } from './follow-training.ts'

interface Again {
  data: string
  /** Empty, for packed images and models. */
  folder: string
  /** The checkpoint that a fork went on from. */
  checkpoint: string | undefined
  /** Null for the whole training. */
  mostSteps: number | null
}

/**
 * Trains by a receipt's order until its last hash within the steps asked for, or until the weights part.
 * @throws UsageError where the data are not the receipt's; the signal's reason when aborted
 */
export async function trainAgain(receipt: Receipt, again: Again, signal: AbortSignal): Promise<Verdict> {
  const checks = receipt.weights.filter(({ step }) => again.mostSteps === null || step <= again.mostSteps)
  if (checks.length === 0)
    throw new UsageError(`The receipt has no hash within the first ${again.mostSteps} steps.`)
  const order = await makeOrder(receipt, again, signal)
  const followed = new FollowedTraining(receipt, checks)
  const environment = { ...DETERMINISTIC, ...trainingEnvironment(process.env) }
  const training = startTraining(order, environment, {
    onEvent(event: TrainingEvent) {
      followed.take(event)
      if (followed.verdict) training.stop()
    },
    onLine: () => {},
  })
  const stop = () => training.stop()
  signal.addEventListener('abort', stop)
  const end = await training.ended.finally(() => signal.removeEventListener('abort', stop))
  signal.throwIfAborted()
  const verdict = followed.conclude()
  if (verdict) return verdict
  const why = end.outcome === 'failed' ? `${end.message} (${end.code})` : 'it ended before the last hash'
  return { isEqual: false, words: `The training could not be repeated: ${why}.` }
}

async function makeOrder(
  { cohort, recipe, seed, threadsPerOperation, fork, dataset: wanted }: Receipt,
  { data, folder, checkpoint }: Again,
  signal: AbortSignal,
): Promise<TrainingOrder> {
  const { forked, origin } = readOrigin(fork, checkpoint)
  if (cohort.students.some(({ weightsSha256 }) => weightsSha256))
    throw new UsageError(
      'The run’s teacher is a finished model, which is not in the receipt: it cannot be repeated.',
    )
  if (cohort.students.some(({ start }) => start))
    throw new UsageError(
      'The run’s students began with weights of an earlier training, of which the receipt has the hash alone: it cannot be repeated.',
    )
  const storage = new DiskStorage(path.join(folder, 'packed'))
  const { height, width, channels, preparation } = wanted
  const shape = { wanted: { height, width, channels }, preparation }
  const { manifest: dataset } = await packFromDisk({ data, ...shape }, storage, () => {}, signal)
  const found = createHash('sha256').update(canonicalJson(dataset)).digest('hex')
  if (found !== wanted.sha256)
    throw new UsageError(
      `${data} does not give the images that the run was trained on (${wanted.name}, version ${wanted.version}). Take the file that this version was imported from; of an edited version there is none.`,
    )
  const { paths: blobPaths } = await locateBlobs(dataset, storage)
  const outputFolder = path.join(folder, 'models')
  await mkdir(outputFolder)
  const threads = threadsPerOperation === null ? {} : { threadsPerOperation }
  return {
    cohort,
    recipe,
    seed,
    ...threads,
    ...forked,
    dataset,
    blobPaths: { ...blobPaths, ...origin },
    outputFolder,
  }
}

/** @throws UsageError where it is missing or another one */
function readOrigin(fork: Receipt['fork'], checkpoint: string | undefined) {
  if (!fork) {
    if (checkpoint === undefined) return {}
    throw new UsageError('The run begins with its first step: it needs no --checkpoint.')
  }
  const { run, ...rest } = fork
  const what = `the checkpoint of step ${fork.step} of ${run ? `run ${run.number}` : 'a run that has been deleted'}, SHA-256 ${fork.sha256}`
  if (checkpoint === undefined)
    throw new UsageError(
      `The run is a fork: it can be repeated from ${what}. Get it from the table of checkpoints on the run’s page, and give it with --checkpoint.`,
    )
  if (sha256Of(checkpoint) !== fork.sha256) throw new UsageError(`${checkpoint} is not ${what}.`)
  return { forked: { fork: rest }, origin: { [fork.sha256]: path.resolve(checkpoint) } }
}

function sha256Of(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
