import { mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Doubt } from '../../contract/dataset-doubts.ts'
import type { RunEvaluation } from '../../contract/evaluation.ts'
import { countUnlabelled } from '../../contract/recipes/held-out.ts'
import { checkRecipeFits } from '../../contract/recipes/recipe-fits.ts'
import { warnOfRecipe } from '../../contract/recipes/recipe-warnings.ts'
import type { CheckpointSettings, TrainingOrder } from '../../contract/training.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { locateBlobs } from '../../workers/training/locate-blobs.ts'
import { chooseThreads } from '../../workers/training/training-environment.ts'
import { carryOut } from './carry-out.ts'
import { packFromDisk } from './pack-from-disk.ts'
import { keepStarts, requireForkableOrder } from './read-fork.ts'
import type { TrainOptions } from './read-options.ts'
import { addStarts } from './read-starts.ts'
import type { TrainingResult, TrainingView } from './show-training.ts'
import { UsageError } from './usage-error.ts'

/** Of a training whose checkpoints are kept for good. */
const MOST_CHECKPOINTS = 1000

/**
 * Packs the data, trains, and writes the models to the output folder. Temporary files are in a hidden folder
 * inside it, which is always removed; only the checkpoints of a resumable training are kept until it is done.
 * @throws UsageError if the data is unusable, TrainingFailed if the engine fails; the signal's reason when
 * aborted
 */
export async function trainOnDisk(
  options: TrainOptions,
  environment: NodeJS.ProcessEnv,
  view: TrainingView,
  signal: AbortSignal,
): Promise<TrainingResult> {
  const startedAt = performance.now()
  const created = await mkdir(options.out, { recursive: true }).catch((error) => {
    throw new UsageError(`The folder ${options.out} cannot be made: ${error.message}.`)
  })
  const working = await mkdtemp(path.join(options.out, '.training-'))
  try {
    const order = await makeOrder(options, environment, working, view, signal)
    if (options.fork) requireForkableOrder(options.fork, order)
    const evaluation = await carryOut(order, environment, view, signal)
    const files = await moveModels(order.outputFolder, options.out)
    files.push(await writeRecord(options, order, evaluation))
    if (order.checkpoints && !options.checkpointEvery) await rm(order.checkpoints.folder, { recursive: true })
    return { evaluation, files, seconds: (performance.now() - startedAt) / 1000 }
  } finally {
    await rm(working, { recursive: true, force: true })
    // Removes the output folder if it was created here and is still empty.
    if (created) await rmdir(options.out).catch(() => {})
  }
}

async function makeOrder(
  options: TrainOptions,
  environment: NodeJS.ProcessEnv,
  working: string,
  view: TrainingView,
  signal: AbortSignal,
): Promise<TrainingOrder> {
  const { fork } = options
  const started = keepStarts(fork, await addStarts(options.cohort, options.starts, working))
  for (const line of started.lines) view.line(line)
  const storage = new DiskStorage(path.join(working, 'packed'))
  const { manifest, report } = await packFromDisk(options, storage, view.packing, signal)
  view.packed(report, manifest)
  for (const note of options.notes) view.line(note)
  if (options.strict) refuseDoubts(options.data, report.doubts)
  const { recipe, seed, formats } = options
  const { cohort } = started
  const misfit = checkRecipeFits(recipe, manifest.splits.train.count, countUnlabelled(manifest))
  if (misfit)
    throw new UsageError(
      `The recipe does not fit: ${misfit.reason}. Choose a smaller one with --set ${misfit.path[0]}=….`,
    )
  view.warned(warnOfRecipe(recipe, manifest.splits.train.count))
  const outputFolder = path.resolve(working, 'models')
  await mkdir(outputFolder)
  const { paths } = await locateBlobs(manifest, storage)
  const weightsSha256 = cohort.students[0]?.weightsSha256
  const teacher = options.teacher && weightsSha256 && { [weightsSha256]: path.resolve(options.teacher) }
  const blobPaths = { ...paths, ...teacher, ...started.blobPaths, ...fork?.blobPaths }
  const order: TrainingOrder = {
    ...{ cohort, recipe, seed, dataset: manifest, blobPaths, outputFolder, formats },
    threadsPerOperation: fork?.origin.threadsPerOperation ?? chooseThreads(cohort, environment),
    ...(fork && { fork: fork.fork }),
  }
  const checkpoints = checkpointsOf(options)
  return checkpoints ? { ...order, checkpoints } : order
}

function checkpointsOf(options: TrainOptions): CheckpointSettings | undefined {
  const folder = checkpointFolder(options)
  const { resume, checkpointEvery: everySteps } = options
  if (everySteps !== undefined) return { folder, everySteps, keep: MOST_CHECKPOINTS }
  return resume ? { folder, everySeconds: 30, keep: 1 } : undefined
}

/** @throws UsageError if there are any */
function refuseDoubts(data: string, doubts: readonly Doubt[]): void {
  if (doubts.length === 0) return
  const told = doubts.map(({ message, remedy }) => `${message} ${remedy}`).join(' ')
  throw new UsageError(`${data}: ${told} Under --strict nothing that is doubtful is trained on.`)
}

/** Where checkpoints are kept: of a resumable training until it is done. */
export function checkpointFolder({ out }: TrainOptions): string {
  return path.resolve(out, 'checkpoints')
}

/** Moves the exports to the output folder, replacing those of an earlier training. */
async function moveModels(from: string, out: string): Promise<string[]> {
  const names = (await readdir(from)).sort()
  for (const name of names) {
    await rm(path.join(out, name), { recursive: true, force: true })
    await rename(path.join(from, name), path.join(out, name))
  }
  return names.map((name) => path.join(out, name))
}

/** Records everything that determines the models, and their evaluation. */
async function writeRecord(
  { recipe, seed, data, out }: TrainOptions,
  { cohort, dataset, threadsPerOperation, fork }: TrainingOrder,
  evaluation: RunEvaluation,
): Promise<string> {
  const file = path.join(out, 'training.json')
  await writeFile(
    file,
    `${JSON.stringify({ data, cohort, recipe, seed, threadsPerOperation, fork, dataset, evaluation }, null, 2)}\n`,
  )
  return file
}
