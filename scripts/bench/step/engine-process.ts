/**
 * The engine in a process of its own, in the environment that a training process gets. It captures the cohort given as
 * JSON in its first argument, tells what that took, then answers every line on its standard input, {"steps": n}, with
 * the seconds of n steps. A step counts from asking for its batch to having its losses, as a run takes it. With
 * {"steps": n, "checkpoint": true} a checkpoint is saved after the first of them, as a run does it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import type { Cohort } from '../../../contract/cohort.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import type { TrainingEvent } from '../../../contract/training.ts'
import type { TrainingBatch } from '../../../workers/engine/batches/training-batches.ts'
import type { CohortProgram } from '../../../workers/engine/cohort-program.ts'
import type { SavedCheckpoint } from './measured-process.ts'
import { type CohortOptions, cohortOf } from './options.ts'
import { packRandomDataset } from './random-dataset.ts'

/** More than any measurement asks for. */
const MOST_STEPS = 10_000

let checkpoints = 0

const options = JSON.parse(process.argv[2] as string) as CohortOptions
const folder = mkdtempSync(join(tmpdir(), 'studyhall-bench-'))
try {
  await serve()
} finally {
  rmSync(folder, { recursive: true })
}

async function serve() {
  const cohort = cohortOf(options)
  const precision = options.precision === 'FLOAT32' ? {} : { precision: options.precision }
  const recipe = resolveRecipe('cifar-paper', { batchSize: options.batch, epochs: MOST_STEPS, ...precision })
  const { dataset, blobPaths } = packRandomDataset(folder, options)
  const startedAt = performance.now()
  const { captureCohort } = await import('../../../workers/engine/cohort-program.ts')
  const { buildStudent } = await import('../../../workers/engine/students/student-network.ts')
  const { PackedSplit } = await import('../../../workers/engine/batches/packed-split.ts')
  const { trainingChunks } = await import('../../../workers/engine/batches/training-batches.ts')
  const loadedAt = performance.now()
  const students = cohort.students.map((student) => buildStudent(student, dataset, options.classes, 1))
  const parameters = students.map((student) => student.parameters)
  const { stepsPerCall, mode, picturesOnDevice: isResident = false } = options
  const isCompiled = mode === 'COMPILED'
  const loop = stepsPerCall > 1 || isCompiled ? { isCompiled, capacity: stepsPerCall } : undefined
  const residentRows = isResident ? dataset.splits.train.count : undefined
  // A line on the standard output would be taken for an answer.
  const onLog = (_: string, message: string) => console.error(message)
  const order = { students, teaching: cohort.teaching, recipe, dataset, seed: 1, loop, residentRows, onLog }
  const program = captureCohort(order)
  answer({
    loadSeconds: (loadedAt - startedAt) / 1000,
    captureSeconds: (performance.now() - loadedAt) / 1000,
    parameters,
  })

  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const from = { split, dataset, recipe, seed: 1, firstStep: 0, stages: 1, isResident }
  if (isResident) program.loadPictures(await split.readAll())
  const chunks = trainingChunks(from, () => stepsPerCall)
  let saving: (() => Promise<SavedCheckpoint>) | undefined
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps, checkpoint = false } = JSON.parse(line) as { steps: number; checkpoint?: boolean }
    const seconds: number[] = []
    const batchWaitSeconds: number[] = []
    while (seconds.length < steps) {
      const askedAt = performance.now()
      const chunk = (await chunks.next()).value as TrainingBatch[] | undefined
      if (!chunk) throw new Error(`no more than ${MOST_STEPS} steps can be measured`)
      const waited = performance.now() - askedAt
      program.teach(chunk.map((batch) => ({ batch, learningRate: 0.01 })))
      const took = performance.now() - askedAt
      // What a call takes, shared among its steps.
      for (const _ of chunk) {
        batchWaitSeconds.push(waited / 1000 / chunk.length)
        seconds.push(took / 1000 / chunk.length)
      }
      if (checkpoint && seconds.length === chunk.length)
        saving = await saveCheckpoint(program, cohort, recipe, dataset)
      // As between two steps of a run.
      await setImmediate()
    }
    const saved = await saving?.()
    saving = undefined
    const peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1024)
    answer({ seconds, batchWaitSeconds, ...(saved && { saved }), peakRssMiB })
  }
  await chunks.return(undefined)
  split.close()
  program.close()
}

/** @returns what waits until the checkpoint is on the disk, and tells what it took */
async function saveCheckpoint(
  program: CohortProgram,
  cohort: Cohort,
  recipe: Recipe,
  dataset: PackedDataset,
): Promise<() => Promise<SavedCheckpoint>> {
  const { CheckpointStore } = await import('../../../workers/engine/checkpoints/checkpoint-store.ts')
  let bytes = 0
  let writtenAt = 0
  const onEvent = (event: TrainingEvent) => {
    if (event.type !== 'checkpoint') throw new Error('the checkpoint was not written')
    bytes = event.bytes
    writtenAt = performance.now()
  }
  const settings = { folder: join(folder, 'checkpoints'), keep: 2 }
  const order = { cohort, recipe, seed: 1, dataset, blobPaths: {}, outputFolder: folder }
  const store = await CheckpointStore.open(order, settings, onEvent)
  const beganAt = performance.now()
  await store.save({ step: ++checkpoints, testTop1: null, state: program.readState() })
  const pauseSeconds = (performance.now() - beganAt) / 1000
  return async () => {
    await store.settle()
    return { pauseSeconds, writeSeconds: (writtenAt - beganAt) / 1000 - pauseSeconds, bytes }
  }
}

function answer(value: object) {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
