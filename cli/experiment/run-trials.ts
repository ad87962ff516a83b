import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { RunEvaluation } from '../../contract/evaluation.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { takeSubset } from '../../workers/datasets/edit/take-subset.ts'
import { ENGINE_VERSION } from '../../workers/engine/version.ts'
import { locateBlobs } from '../../workers/training/locate-blobs.ts'
import { carryOut, TrainingFailed } from '../train/carry-out.ts'
import { packFromDisk } from '../train/pack-from-disk.ts'
import { UsageError } from '../train/usage-error.ts'
import type { Experiment, Trial } from './read-experiment.ts'

export interface Outcome {
  trial: Trial
  evaluation: RunEvaluation
  seconds: number
}

const Stored = z.object({ evaluation: RunEvaluation, seconds: z.number() })

export interface TrialListener {
  packing(seen: number, total: number): void
  training(trial: Trial, index: number, step: number, steps: number): void
  /** The next trial waits for it: what is written of two at once would be mixed. */
  finished(outcome: Outcome, index: number, wasKnown: boolean): Promise<void>
}

/** Packs the images once, in `folder`, and takes the experiment's subset of them. */
export async function prepareDataset(
  data: string,
  { subset }: Experiment,
  folder: string,
  listener: TrialListener,
  signal: AbortSignal,
): Promise<PackedDataset> {
  const storage = new DiskStorage(path.join(folder, 'packed'))
  const { manifest } = await packFromDisk(data, storage, listener.packing, signal)
  if (!subset) return manifest
  if (manifest.kind !== 'CLASSIFICATION')
    throw new UsageError(
      `${data} is a retrieval dataset, of which no subset by class is taken; set subset to null.`,
    )
  return takeSubset(manifest, storage, subset)
}

/**
 * Trains every trial, one after the other. A trial that was finished earlier, by the same engine on the same images,
 * is not trained again, so an experiment goes on where it was cut short.
 */
export async function runTrials(
  experiment: Experiment,
  dataset: PackedDataset,
  folder: string,
  environment: NodeJS.ProcessEnv,
  listener: TrialListener,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const { paths } = await locateBlobs(dataset, new DiskStorage(path.join(folder, 'packed')))
  await mkdir(path.join(folder, 'trials'), { recursive: true })
  const outcomes: Outcome[] = []
  for (const [index, trial] of experiment.trials.entries()) {
    const file = path.join(folder, 'trials', `${keyOf(trial, dataset)}.json`)
    const known = await readOutcome(file)
    const outcome = known
      ? { trial, ...known }
      : await train(trial, dataset, paths, folder, environment, signal, (step, steps) =>
          listener.training(trial, index, step, steps),
        )
    if (!known) await keep(file, outcome)
    await listener.finished(outcome, index, known !== undefined)
    outcomes.push(outcome)
  }
  return outcomes
}

async function train(
  trial: Trial,
  dataset: PackedDataset,
  blobPaths: Record<string, string>,
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onStep: (step: number, steps: number) => void,
): Promise<Outcome> {
  signal.throwIfAborted()
  const { cohort, recipe, seed } = trial
  const outputFolder = path.resolve(folder, 'models')
  await rm(outputFolder, { recursive: true, force: true })
  await mkdir(outputFolder)
  const startedAt = performance.now()
  const order = { cohort, recipe, seed, dataset, blobPaths, outputFolder }
  const listener = {
    event: (event: TrainingEvent) => event.type === 'metrics' && onStep(event.step, event.steps),
    line: () => {},
  }
  const evaluation = await carryOut(order, environment, listener, signal).catch((error: Error) => {
    if (!(error instanceof TrainingFailed)) throw error
    throw new TrainingFailed(`${trial.condition}, ${trial.arm}, seed ${seed}: ${error.message}`)
  })
  return { trial, evaluation, seconds: (performance.now() - startedAt) / 1000 }
}

/** Everything that the outcome is a function of. */
function keyOf({ cohort, recipe, seed }: Trial, dataset: PackedDataset): string {
  const whole = JSON.stringify({ cohort, recipe, seed, dataset, engine: ENGINE_VERSION })
  return createHash('sha256').update(whole).digest('hex').slice(0, 32)
}

async function readOutcome(file: string): Promise<z.infer<typeof Stored> | undefined> {
  try {
    return Stored.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

async function keep(file: string, { evaluation, seconds }: Outcome): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify({ evaluation, seconds }))
  await rename(`${file}.new`, file)
}
