/**
 * Measures the training step as a run takes it: the same captured graph, with batches drawn from a packed dataset of
 * random pictures. `npm run bench:step -- --students resnet-32,resnet-32 --classes 100 --batch 64 --steps 20 --json`
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { Cohort } from '../contract/cohort.ts'
import type { PackedDataset, PackedSplit } from '../contract/packed-dataset.ts'
import { type Recipe, resolveRecipe } from '../contract/recipe.ts'

interface Options {
  students: string
  classes: number
  batch: number
  size: number
  channels: 1 | 3
  method: string
  update: string
  steps: number
  warmup: number
  json: boolean
}

const options = new Command('bench:step')
  .option('--students <names>', 'architectures, separated by commas', 'resnet-32,resnet-32')
  .option('--classes <n>', 'number of classes', wholeNumber, 100)
  .option('--batch <n>', 'pictures a step', wholeNumber, 64)
  .option('--size <n>', 'height and width of a picture', wholeNumber, 32)
  .option('--channels <n>', '1 or 3', wholeNumber, 3)
  .option('--method <name>', 'MUTUAL, ENSEMBLE_TEACHER or INDEPENDENT', 'MUTUAL')
  .option('--update <rule>', 'SEQUENTIAL or SIMULTANEOUS', 'SEQUENTIAL')
  .option('--steps <n>', 'steps that are measured', wholeNumber, 20)
  .option('--warmup <n>', 'steps before them', wholeNumber, 3)
  .option('--json', 'print one JSON line', false)
  .parse()
  .opts<Options>()

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.')
  return value
}

const cohort = Cohort.parse({
  students: options.students
    .split(',')
    .map((architecture, i) => ({ name: `student-${i + 1}`, architecture })),
  teaching: { method: options.method, updateRule: options.update },
})
const folder = mkdtempSync(join(tmpdir(), 'studyhall-bench-'))
try {
  const result = await measure()
  if (options.json) console.log(JSON.stringify(result))
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(18)} ${value}`)
} finally {
  rmSync(folder, { recursive: true })
}

async function measure() {
  const recipe = resolveRecipe('cifar-paper', {
    batchSize: options.batch,
    epochs: options.warmup + options.steps,
  })
  const { dataset, blobPaths } = randomDataset()
  // TensorFlow is quiet only if it is told so before it loads.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const startedAt = performance.now()
  const { captureCohort } = await import('../workers/engine/cohort-program.ts')
  const { buildStudent } = await import('../workers/engine/students/student-network.ts')
  const loadedAt = performance.now()
  const students = cohort.students.map((student) => buildStudent(student, dataset, options.classes, 1))
  const program = captureCohort({ students, teaching: cohort.teaching, recipe, dataset, seed: 1 })
  const capturedAt = performance.now()
  const times = await stepTimes(program, dataset, blobPaths, recipe)
  const [firstStep = 0] = times
  const median = medianOf(times.slice(options.warmup))
  program.close()
  return {
    students: options.students,
    method: options.method,
    update: options.update,
    batch: options.batch,
    classes: options.classes,
    size: options.size,
    channels: options.channels,
    steps: options.steps,
    imagesPerSecond: rounded(options.batch / median, 1),
    secondsPerStep: rounded(median, 4),
    slowestStepSeconds: rounded(Math.max(...times.slice(options.warmup)), 4),
    loadSeconds: rounded((loadedAt - startedAt) / 1000, 2),
    captureSeconds: rounded((capturedAt - loadedAt) / 1000, 2),
    firstStepSeconds: rounded(firstStep, 2),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    parameters: students.map(({ parameters }) => parameters),
  }
}

/** Seconds of each step, from asking for its batch to having its losses. */
async function stepTimes(
  program: import('../workers/engine/cohort-program.ts').CohortProgram,
  dataset: PackedDataset,
  blobPaths: Record<string, string>,
  recipe: Recipe,
): Promise<number[]> {
  const { PackedSplit } = await import('../workers/engine/batches/packed-split.ts')
  const { trainingBatches } = await import('../workers/engine/batches/training-batches.ts')
  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const times: number[] = []
  let askedAt = performance.now()
  for await (const batch of trainingBatches(split, dataset, recipe, 1)) {
    program.teach(batch, 0.01)
    times.push((performance.now() - askedAt) / 1000)
    if (times.length === options.warmup + options.steps) break
    askedAt = performance.now()
  }
  split.close()
  return times
}

/** One batch of random pictures, so that every step is an epoch. */
function randomDataset(): { dataset: PackedDataset; blobPaths: Record<string, string> } {
  const { batch, size, channels, classes } = options
  const blobPaths: Record<string, string> = {}
  const store = (content: Buffer) => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    blobPaths[sha256] = join(folder, sha256)
    writeFileSync(blobPaths[sha256], content)
    return sha256
  }
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes)
  const split: PackedSplit = {
    count: batch,
    shards: [{ sha256: store(randomBytes(batch * size * size * channels)), count: batch }],
    labelsSha256: store(Buffer.from(labels.buffer)),
    classCounts: Array.from({ length: classes }, (_, c) => labels.filter((label) => label === c).length),
  }
  const dataset: PackedDataset = {
    format: 'studyhall-packed-1',
    kind: 'CLASSIFICATION',
    height: size,
    width: size,
    channels,
    classes: Array.from({ length: classes }, (_, c) => `class-${c}`),
    splits: { train: split, test: split },
    channelMeans: new Array<number>(channels).fill(0.5),
    // Of the uniform distribution.
    channelDeviations: new Array<number>(channels).fill(Math.sqrt(1 / 12)),
  }
  return { dataset, blobPaths }
}

function medianOf(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
