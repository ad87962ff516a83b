/**
 * Trains the run that the landing page replays, as `npm run demo` trains it, and writes what was measured to
 * web/features/welcome/recorded/run.json: `npx tsx scripts/record-run.ts`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { readOptions } from '../cli/train/read-options.ts'
import type { TrainingView } from '../cli/train/show-training.ts'
import { trainOnDisk } from '../cli/train/train-on-disk.ts'
import type { PackedDataset } from '../contract/packed/manifest.ts'
import type { MetricPoint } from '../contract/training.ts'
import { trainingEnvironment } from '../workers/training/training-environment.ts'

const FILE = 'web/features/welcome/recorded/run.json'
const NAMES = ['ada', 'grace']
const DATA = { file: 'samples/fashion-mnist-sample.zip', name: 'Fashion-MNIST sample' }
/** Measured with every step, and drawn in a chart that is a few hundred pixels wide. */
const EVERY_STEP = ['loss', 'mutualLoss']
const KEPT_EVERY_STEPS = 5
const EVERY_EPOCH = ['testTop1']

const out = await mkdtemp(path.join(tmpdir(), 'studyhall-record-'))
try {
  await writeFile(FILE, `${JSON.stringify(await record(out), null, 1)}\n`)
} finally {
  await rm(out, { recursive: true })
}

async function record(out: string): Promise<object> {
  const options = readOptions(['--data', DATA.file, '--students', 'resnet-8,resnet-8', '--out', out])
  if (!options) throw new Error('Help was printed, and nothing was asked for.')
  const students = options.cohort.students.map((student, i) => ({ ...student, name: NAMES[i]! }))
  const cohort = { ...options.cohort, students }
  const points: MetricPoint[] = []
  let dataset: PackedDataset | undefined
  let steps = 0
  let trainingAt = 0
  let seconds = 0
  const view: TrainingView = {
    packing() {},
    packed: (_, packed) => {
      dataset = packed
    },
    warned() {},
    event(event) {
      if (event.type === 'begin') trainingAt = performance.now()
      if (event.type !== 'metrics') return
      steps = event.steps
      points.push(...event.points)
      seconds = (performance.now() - trainingAt) / 1000
      process.stderr.write(`\r  epoch ${event.epoch} of ${event.epochs}`)
    },
    line() {},
    finished() {},
    end() {},
  }
  const { evaluation } = await trainOnDisk(
    { ...options, cohort },
    trainingEnvironment(process.env),
    view,
    new AbortController().signal,
  )
  if (!dataset || evaluation.kind === 'RETRIEVAL') throw new Error('The sample is to be one of classes.')
  return {
    recordedOn: new Date().toISOString().slice(0, 10),
    machine: { processor: cpus()[0]?.model.trim(), cores: availableParallelism() },
    seconds: Math.round(seconds),
    dataset: {
      name: DATA.name,
      train: dataset.splits.train.count,
      test: evaluation.testCount,
      classes: dataset.classes.length,
    },
    teaching: cohort.teaching,
    epochs: options.recipe.epochs,
    steps,
    seed: options.seed,
    students: evaluation.students.map(({ name, architecture, parameters, top1 }) => {
      return { name, architecture, parameters, top1 }
    }),
    ensembleTop1: evaluation.ensemble.meanPosteriorTop1,
    series: seriesOf(points, students.length, steps),
  }
}

function seriesOf(points: readonly MetricPoint[], students: number, steps: number) {
  const isKept = ({ name, step }: MetricPoint) =>
    EVERY_EPOCH.includes(name) || step === 1 || step === steps || step % KEPT_EVERY_STEPS === 0
  return Array.from({ length: students }, (_, student) => student).flatMap((student) =>
    [...EVERY_EPOCH, ...EVERY_STEP].map((name) => {
      const own = points.filter((point) => point.student === student && point.name === name && isKept(point))
      return {
        ...{ student, name },
        steps: own.map(({ step }) => step),
        values: own.map(({ value }) => Number(value.toPrecision(4))),
      }
    }),
  )
}
