import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { RunEvaluation } from '../../contract/evaluation.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import type { Trial } from '../../experiments/design/trials.ts'
import type { Execution } from '../../experiments/record.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { locateBlobs } from '../../workers/training/locate-blobs.ts'
import { carryOut, TrainingFailed } from '../train/carry-out.ts'
import type { Experiment } from './read-experiment.ts'

/** What came of a trial: an evaluation, or why there is none. */
export type Outcome = { trial: Trial; seconds: number } & (
  | { evaluation: RunEvaluation; failure?: never }
  | { evaluation?: never; failure: string }
)

const Stored = z.object({ evaluation: RunEvaluation, seconds: z.number() })

export interface TrialListener {
  training(trial: Trial, index: number, step: number, steps: number): void
  /**
   * The next trial waits for it: what is written of two at once would be mixed.
   * @returns whether the experiment goes on
   */
  finished(outcome: Outcome, index: number, wasKnown: boolean): Promise<boolean>
}

/** What all trials share. */
export interface Laboratory {
  dataset: PackedDataset
  /** Of weights that students begin with, by hash. */
  startPaths?: Record<string, string>
  /** Where packed images, finished trials and models lie. */
  folder: string
  execution: Execution
  environment: NodeJS.ProcessEnv
}

/**
 * Trains every trial, one after the other, until the listener ends it. A trial that was finished earlier, by the same engine on the same images with
 * the same threads, is not trained again, so an experiment goes on where it was cut short. One that fails is told and does
 * not keep the others from being trained; the same command tries it again.
 */
export async function runTrials(
  { trials }: Pick<Experiment, 'trials'>,
  laboratory: Laboratory,
  listener: TrialListener,
  signal: AbortSignal,
): Promise<void> {
  const { dataset, folder, startPaths } = laboratory
  const { paths } = await locateBlobs(dataset, new DiskStorage(path.join(folder, 'packed')))
  const blobPaths = { ...paths, ...startPaths }
  await mkdir(path.join(folder, 'trials'), { recursive: true })
  for (const [index, trial] of trials.entries()) {
    const file = path.join(folder, 'trials', `${keyOf(trial, laboratory)}.json`)
    const known = await readOutcome(file)
    const onStep = (step: number, steps: number) => listener.training(trial, index, step, steps)
    const outcome = known ? { trial, ...known } : await train(trial, laboratory, blobPaths, signal, onStep)
    if (!known && outcome.evaluation) await keep(file, outcome)
    if (!(await listener.finished(outcome, index, known !== undefined))) return
  }
}

async function train(
  trial: Trial,
  { dataset, folder, execution, environment }: Laboratory,
  blobPaths: Record<string, string>,
  signal: AbortSignal,
  onStep: (step: number, steps: number) => void,
): Promise<Outcome> {
  signal.throwIfAborted()
  const { cohort, recipe, seed } = trial
  const { threadsPerOperation } = execution
  const outputFolder = path.resolve(folder, 'models')
  await rm(outputFolder, { recursive: true, force: true })
  await mkdir(outputFolder)
  const startedAt = performance.now()
  const secondsGone = () => (performance.now() - startedAt) / 1000
  const order = { cohort, recipe, seed, threadsPerOperation, dataset, blobPaths, outputFolder }
  const listener = {
    event: (event: TrainingEvent) => event.type === 'metrics' && onStep(event.step, event.steps),
    line: () => {},
  }
  try {
    const evaluation = await carryOut(order, environment, listener, signal)
    return { trial, evaluation, seconds: secondsGone() }
  } catch (error) {
    if (!(error instanceof TrainingFailed)) throw error
    return { trial, failure: error.message, seconds: secondsGone() }
  }
}

/** Everything that the outcome is a function of. */
function keyOf({ cohort, recipe, seed }: Trial, { dataset, execution }: Laboratory): string {
  const whole = JSON.stringify({ cohort, recipe, seed, dataset, execution })
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
