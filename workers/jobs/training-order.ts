import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Cohort, teachingOf } from '../../contract/cohort.ts'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import { countUnlabelled } from '../../contract/recipes/held-out.ts'
import { Recipe } from '../../contract/recipes/recipe.ts'
import { checkRecipeFits } from '../../contract/recipes/recipe-fits.ts'
import { Fork } from '../../contract/runs/fork.ts'
import { studentOf } from '../../contract/starting-weights.ts'
import type { ExecutionMode, TrainingOrder } from '../../contract/training.ts'
import type { Cohort as CohortRow, DatasetVersion, Run, Student } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { processorName } from '../devices/find-device.ts'
import { locateBlobs } from '../training/locate-blobs.ts'
import { chooseThreads } from '../training/training-environment.ts'
import { RunFailure } from './run-failure.ts'
import type { WorkerContext } from './worker-context.ts'

export type RunWithInputs = Run & {
  cohort: CohortRow & { students: Student[] }
  datasetVersion: DatasetVersion
}

/**
 * An order with its thread count, and with a checkpoint folder, from which training resumes and to which it
 * writes.
 */
export type ResumableOrder = TrainingOrder &
  Required<Pick<TrainingOrder, 'checkpoints' | 'threadsPerOperation'>> & {
    execution: { mode: ExecutionMode; device: string }
  }

/** One format for the browser, and the bare weights, from which every other format can be written later. */
const EXPORTED_FORMATS = ['TFJS', 'SAFETENSORS'] as const

/** Checkpoints kept in the training's local folder; storage has its own retention. */
const LOCAL_CHECKPOINTS = 2

/**
 * Builds the training order from a run's rows.
 * @param folder  empty and private to the attempt; exports and checkpoints get a subfolder each
 * @returns the order, and the dataset's shards that have yet to be fetched
 * @throws RunFailure DATASET_GONE if blobs of the dataset are missing, BAD_RECIPE if the recipe is invalid or
 * does not fit
 */
export async function makeTrainingOrder(
  run: RunWithInputs,
  storage: BlobStorage,
  folder: string,
  { config: { checkpoints, trainingEnvironment }, card }: Pick<WorkerContext, 'config' | 'card'>,
): Promise<{ order: ResumableOrder; remote: string[] }> {
  const dataset = PackedDataset.parse(run.datasetVersion.manifest)
  const { paths, remote, missing } = await locateBlobs(dataset, storage)
  const cohort = cohortOf(run.cohort)
  if (missing.length > 0) throw datasetGone()
  const fork = run.fork === null ? undefined : Fork.parse(run.fork)
  const threadsPerOperation = run.threadsPerOperation ?? chooseThreads(cohort, trainingEnvironment)
  const order: ResumableOrder = {
    cohort,
    recipe: readRecipe(run, dataset),
    seed: run.seed,
    threadsPerOperation,
    execution: {
      // XLA is many times slower than TensorFlow itself on a processor.
      mode: card ? ((run.executionMode as ExecutionMode | null) ?? 'COMPILED') : 'PLAIN',
      device: card ? `${card.name}, ${card.software}` : processorName(),
      ...(card && { cardBytes: card.memoryBytes }),
    },
    dataset,
    blobPaths: { ...paths, ...(await fetchWeights(cohort, storage)), ...(await fetchOrigin(fork, storage)) },
    ...(fork && { fork }),
    outputFolder: await makeFolder(folder, 'exports'),
    formats: [...EXPORTED_FORMATS],
    checkpoints: {
      folder: await makeFolder(folder, 'checkpoints'),
      everySeconds: checkpoints.everySeconds,
      ...(checkpoints.everySteps !== undefined && { everySteps: checkpoints.everySteps }),
      keep: LOCAL_CHECKPOINTS,
    },
  }
  return { order, remote }
}

export function datasetGone(): RunFailure {
  return new RunFailure(
    'DATASET_GONE',
    'Files of the dataset version are missing from the storage. Import the dataset again and start a run on the new version.',
  )
}

/** Builds a cohort from its rows. */
export function cohortOf({ students, ...teaching }: RunWithInputs['cohort']): Cohort {
  return Cohort.parse({ students: students.map(studentOf), teaching: teachingOf(teaching) })
}

/** The local weights files of students that are finished models, or begin with one, by hash. */
async function fetchWeights({ students }: Cohort, storage: BlobStorage): Promise<Record<string, string>> {
  const paths: Record<string, string> = {}
  for (const { name, weightsSha256, start } of students) {
    const sha256 = weightsSha256 ?? start?.sha256
    if (!sha256) continue
    if (!(await storage.has(sha256)))
      throw new RunFailure(
        'DATASET_GONE',
        start
          ? `The weights that ${name} begins with are missing from the storage. Create a cohort that begins with others.`
          : `The weights of the teacher ${name} are missing from the storage. Create a cohort with another teacher.`,
      )
    paths[sha256] = await storage.fetchLocal(sha256)
  }
  return paths
}

/**
 * The checkpoint that a fork goes on from. Where it is missing, the training process says so, unless it has a later one of
 * its own.
 */
async function fetchOrigin(fork: Fork | undefined, storage: BlobStorage): Promise<Record<string, string>> {
  if (!fork || !(await storage.has(fork.sha256))) return {}
  return { [fork.sha256]: await storage.fetchLocal(fork.sha256) }
}

function readRecipe(run: Run, dataset: PackedDataset): Recipe {
  const parsed = Recipe.safeParse(run.recipe)
  const advice = 'Start a run with another recipe.'
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const problem = `${issue?.path.join('.')}: ${issue?.message}`
    throw new RunFailure('BAD_RECIPE', `The recipe is invalid: ${problem}. ${advice}`)
  }
  const misfit = checkRecipeFits(parsed.data, dataset.splits.train.count, countUnlabelled(dataset))
  if (misfit)
    throw new RunFailure('BAD_RECIPE', `The recipe does not fit the dataset: ${misfit.reason}. ${advice}`)
  return parsed.data
}

async function makeFolder(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, name)
  await mkdir(folder)
  return folder
}
