import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import yauzl from 'yauzl'
import type { TrainingOrder } from '../../contract/training.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

const students = { ada: 'resnet-8', ben: 'resnet-14' }
const stored = storeSyntheticDataset()
const repository = fileURLToPath(new URL('../..', import.meta.url))

let order: TrainingOrder
let run: FinishedRun
/** The folders that the artifacts were unzipped to, by artifact. */
const unzipped: Record<string, string> = {}

beforeAll(async () => {
  order = smallOrder({ students, stored, recipe: { epochs: 4 } })
  run = await trainToTheEnd(order)
  symlinkSync(join(repository, 'node_modules'), join(order.outputFolder, 'node_modules'))
  for (const { fileName, path } of eventsOfType(run.events, 'artifact')) {
    unzipped[fileName] = join(order.outputFolder, 'unzipped', fileName)
    await unzip(path, unzipped[fileName])
  }
})

async function unzip(path: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: false, autoClose: false }, (error, file) =>
      error ? reject(error) : resolve(file),
    ),
  )
  const entries: yauzl.Entry[] = []
  await new Promise((resolve, reject) =>
    zip
      .on('entry', (entry) => entries.push(entry))
      .on('end', resolve)
      .on('error', reject),
  )
  for (const entry of entries) {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    )
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    writeFileSync(join(folder, entry.fileName), Buffer.concat(chunks))
  }
  zip.close()
}

/** Test pictures as the engine reads them, and their number. */
function testPixels(): { pixels: Buffer; count: number } {
  const { shards, count } = order.dataset.splits.test
  return { pixels: readFileSync(order.blobPaths[shards[0]!.sha256]!), count }
}

const outputs = new Map<string, number[][]>()

/** The model's outputs on all test pictures; each folder is run once. */
function runInPlainTfjs(folder: string): number[][] {
  const known = outputs.get(folder)
  if (known) return known
  const pixels = join(order.outputFolder, 'pixels')
  writeFileSync(pixels, testPixels().pixels)
  const script = fileURLToPath(new URL('plain-tfjs.mjs', import.meta.url))
  const output = execFileSync(process.execPath, [script, folder, pixels], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const result: number[][] = JSON.parse(output.trim().split('\n').at(-1)!)
  outputs.set(folder, result)
  return result
}

function accuracy(posteriors: number[]): number {
  const { count } = testPixels()
  const classes = order.dataset.classes.length
  const labels = readFileSync(order.blobPaths[order.dataset.splits.test.labelsSha256]!)
  const hits = Array.from({ length: count }, (_, i) => {
    const posterior = posteriors.slice(i * classes, (i + 1) * classes)
    return posterior.indexOf(Math.max(...posterior)) === labels.readInt32LE(4 * i)
  })
  return hits.filter(Boolean).length / count
}

describe('the artifacts of a run', () => {
  it('are every student and the ensemble, in the output folder', () => {
    const artifacts = eventsOfType(run.events, 'artifact')
    expect(artifacts.map(({ kind, student, fileName }) => [kind, student, fileName])).toEqual([
      ['STUDENT_TFJS', 0, 'ada-resnet-8-tfjs.zip'],
      ['STUDENT_TFJS', 1, 'ben-resnet-14-tfjs.zip'],
      ['ENSEMBLE_TFJS', null, 'ensemble-tfjs.zip'],
    ])
    for (const { path, fileName } of artifacts) expect(path).toBe(join(order.outputFolder, fileName))
  })

  it('hold a model, its weights, a card and an example', () => {
    for (const folder of Object.values(unzipped)) {
      expect(readdirSync(folder).sort()).toEqual([
        'README.md',
        'example.mjs',
        'model.json',
        'weights-1-of-1.bin',
      ])
    }
  })

  it('have standard layers and unique weight names only', () => {
    for (const folder of Object.values(unzipped)) {
      const { modelTopology, weightsManifest, format, generatedBy } = JSON.parse(
        readFileSync(join(folder, 'model.json'), 'utf8'),
      )
      expect([format, generatedBy]).toEqual(['layers-model', expect.stringMatching(/^Studyhall engine \d/)])
      const layers = new Set(
        modelTopology.config.layers.map((layer: { class_name: string }) => layer.class_name),
      )
      const standard =
        'InputLayer BatchNormalization Conv2D Activation Add GlobalAveragePooling2D Dense Concatenate Average'
      expect([...layers].filter((layer) => !standard.split(' ').includes(layer as string))).toEqual([])
      const names = weightsManifest[0].weights.map((weight: { name: string }) => weight.name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('reach in plain TF.js the accuracy that the evaluation told', () => {
    const [told] = eventsOfType(run.events, 'evaluation').map(({ evaluation }) => evaluation)
    const posteriorOfStudents = ['ada-resnet-8-tfjs.zip', 'ben-resnet-14-tfjs.zip'].map(
      (name) => runInPlainTfjs(unzipped[name]!)[0]!,
    )
    expect(posteriorOfStudents.map(accuracy)).toEqual(told!.students.map(({ top1 }) => top1))
    const [features, posterior] = runInPlainTfjs(unzipped['ensemble-tfjs.zip']!) as [number[], number[]]
    expect(features.length).toBe(testPixels().count * 2 * 64)
    const mean = posteriorOfStudents[0]!.map((value, i) => (value + posteriorOfStudents[1]![i]!) / 2)
    expect(Math.max(...posterior.map((value, i) => Math.abs(value - mean[i]!)))).toBeLessThan(1e-5)
    expect(accuracy(posterior)).toBe(told!.ensemble.meanPosteriorTop1)
  })

  it('come with an example that runs as it is and prints the class', async () => {
    const { height, width, channels, classes } = order.dataset
    const pixels = testPixels().pixels.subarray(0, height * width * channels)
    const picture = join(order.outputFolder, 'picture.png')
    await sharp(pixels, { raw: { width, height, channels } }).png().toFile(picture)
    for (const folder of Object.values(unzipped)) {
      const output = execFileSync(process.execPath, [join(folder, 'example.mjs'), picture], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const posterior = runInPlainTfjs(folder).at(-1)!.slice(0, classes.length)
      expect(output.trim().split('\n').at(-1)).toBe(classes[posterior.indexOf(Math.max(...posterior))])
    }
  })

  it('carry a card with what the run was made of', () => {
    const card = readFileSync(join(unzipped['ada-resnet-8-tfjs.zip']!, 'README.md'), 'utf8')
    expect(card).toMatch(/^---\nlicense: unknown\nlibrary_name: tfjs\npipeline_tag: image-classification\n/)
    for (const fact of [
      'ben (resnet-14)',
      'class-0, class-1',
      '| seed | 1 |',
      '| update rule | SEQUENTIAL |',
      '"batchSize": 8',
    ]) {
      expect(card).toContain(fact)
    }
  })
})

it('exports no ensemble of a single student', async () => {
  const alone = await trainToTheEnd(
    smallOrder({ students: { ada: 'resnet-8' }, teaching: { method: 'INDEPENDENT' }, stored }),
  )
  expect(eventsOfType(alone.events, 'artifact').map(({ kind }) => kind)).toEqual(['STUDENT_TFJS'])
  rmSync(dirname(eventsOfType(alone.events, 'artifact')[0]!.path), { recursive: true })
})
