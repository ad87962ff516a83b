/**
 * Trains the run that strangers and new teams are shown, as `npm run demo` trains it, and writes what was measured to
 * web/features/welcome/recorded/run.json: `npx tsx scripts/record-run.ts`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { readOptions } from '../cli/train/read-options.ts'
import type { TrainingView } from '../cli/train/show-training.ts'
import { trainOnDisk } from '../cli/train/train-on-disk.ts'
import { type PackedDataset, splitsOf } from '../contract/packed/manifest.ts'
import type { MetricPoint } from '../contract/training.ts'
import { ownEngineBuild } from '../workers/engine-build.mjs'
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
  const startedAt = new Date()
  const points: MetricPoint[] = []
  let dataset: PackedDataset | undefined
  let steps = 0
  const view: TrainingView = {
    packing() {},
    packed: (_, packed) => {
      dataset = packed
    },
    warned() {},
    event(event) {
      if (event.type !== 'metrics') return
      steps = event.steps
      points.push(...event.points)
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
  const { students: scores, ensemble, testCount } = evaluation
  const metrics = seriesOf(points, students.length, steps)
  const scoresOf = (student: number) =>
    metrics.find((series) => series.student === student && series.name === 'testTop1')?.values ?? []
  const { epochs } = options.recipe
  return {
    machine: { processor: cpus()[0]?.model.trim(), cores: availableParallelism() },
    engineBuild: ownEngineBuild(),
    // As a page of a shared run has it.
    run: {
      ...{
        title: 'A finished run',
        status: 'SUCCEEDED',
        startedAt,
        finishedAt: new Date(),
        receiptUrl: null,
      },
      ...{ recipe: options.recipe, seed: options.seed },
      progress: {
        ...{ step: steps, steps, epoch: epochs, epochs },
        imagesPerSecond: null,
        remainingSeconds: null,
      },
      dataset: {
        ...{ name: DATA.name, version: 1, kind: 'CLASSIFICATION', classes: dataset.classes.length },
        splits: splitsOf(dataset).map(([name, { count }]) => ({ name, count })),
      },
      cohort: {
        name: 'Ada and Grace',
        teaching: cohort.teaching,
        students: students.map(({ name, architecture }, i) => {
          const scores = scoresOf(i)
          return { name, architecture, lastScore: scores.at(-1) ?? null, bestScore: Math.max(...scores) }
        }),
      },
      metrics,
      evaluation: {
        testCount,
        meanPosteriorTop1: ensemble.meanPosteriorTop1,
        concatenatedFeaturesTop1: ensemble.concatenatedFeaturesTop1,
        students: scores.map(({ name, architecture, parameters, top1, loss }) => {
          return { name, architecture, parameters, top1, loss: Number(loss.toPrecision(4)) }
        }),
      },
      retrieval: null,
    },
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
