/** The Python program beside an ONNX model, and the page beside a TF.js one, prepare images as the import does. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RetrievalEvaluation } from '../../../../contract/evaluation.ts'
import type { PackedDataset } from '../../../../contract/packed/manifest.ts'
import { FITS, type Preparation } from '../../../../contract/packed/preparation.ts'
import { DiskStorage } from '../../../../storage/disk.ts'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { writeExample } from '../../../../workers/engine/exports/example.ts'
import { buildStudentModel, featureWidths } from '../../../../workers/engine/exports/exported-model.ts'
import { FORMATS } from '../../../../workers/engine/exports/formats/index.ts'
import { modelMetadata } from '../../../../workers/engine/exports/model-metadata.ts'
import { ONNX_RUNTIME, writePythonExample } from '../../../../workers/engine/exports/python-example.ts'
import { buildStudent } from '../../../../workers/engine/students/student-network.ts'
import { smallOrder } from '../small-run.ts'
import { preparePython } from './python-packages.ts'

const STUDENTS = { ada: 'convnet-0.25', ben: 'convnet-0.25' }
const execute = promisify(execFile)
const prepared = await preparePython()
const python = 'python' in prepared ? prepared.python : ''
if ('missing' in prepared) console.warn(`Not tested: ${prepared.missing}`)

let folder: string
let images: Record<string, Buffer>
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'python-example-'))
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'))
  images = await paintImages()
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Smooth colours, as photos have them. */
function paint(width: number, height: number, channels: 3 | 4 = 3): Buffer {
  const value = (x: number, y: number, c: number) =>
    c === 3 ? (x > width / 2 ? 255 : 90) : 120 + 70 * Math.sin(x / 19 + c) + 50 * Math.cos(y / 13 - c)
  return Buffer.from(
    Array.from({ length: width * height * channels }, (_, i) =>
      value(Math.floor(i / channels) % width, Math.floor(i / channels / width), i % channels),
    ),
  )
}

async function paintImages(): Promise<Record<string, Buffer>> {
  const raw = (width: number, height: number, channels: 3 | 4 = 3) =>
    sharp(paint(width, height, channels), { raw: { width, height, channels } })
  return {
    'wide.png': await raw(240, 100).png().toBuffer(),
    'tall.png': await raw(61, 97).png().toBuffer(),
    'small.png': await raw(12, 10).png().toBuffer(),
    'clear.png': await raw(90, 70, 4).png().toBuffer(),
    'turned.jpg': await raw(160, 120)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer(),
    'grey.png': await raw(50, 50).toColourspace('b-w').png().toBuffer(),
  }
}

/** What the import makes of the images, in the order of their names. */
async function importImages(preparation: Preparation, channels: 1 | 3): Promise<Buffer[]> {
  const data = mkdtempSync(path.join(folder, 'data-'))
  for (const split of ['train/a', 'train/b', 'test/a']) {
    mkdirSync(path.join(data, split), { recursive: true })
    for (const [name, bytes] of Object.entries(images)) writeFileSync(path.join(data, split, name), bytes)
  }
  const storage = new DiskStorage(path.join(data, '..', 'storage'))
  const wanted = { height: 28, width: 32, channels }
  const { manifest } = await packDataset(data, storage, { preparation, wanted })
  const [shard] = manifest.splits.train.shards
  const bytes = await buffer(storage.read(shard!.sha256))
  const size = 28 * 32 * channels
  return Object.keys(images).map((_, i) => bytes.subarray(i * size, (i + 1) * size))
}

/** Leaves model, metadata and both examples in a folder of their own. */
async function exportModel(
  dataset: PackedDataset,
  recipe: { inputSize: { height: number; width: number } } | object = {},
) {
  const order = smallOrder({ students: STUDENTS, recipe })
  const [student] = order.cohort.students
  const weights = buildStudent(
    student!,
    { ...dataset, ...order.recipe.inputSize },
    dataset.classes.length,
    1,
  ).weights
  const state = new Map(
    weights.map(({ name, variable }) => [`ada/${name}`, variable.dataSync() as Float32Array]),
  )
  const model = buildStudentModel(student!, { ...dataset, ...order.recipe.inputSize }, state)
  const metadata = modelMetadata({ ...order, dataset }, EVALUATION, { kind: 'student', index: 0 })
  const target = mkdtempSync(path.join(folder, 'model-'))
  const widths = featureWidths(model)
  for (const format of [FORMATS.ONNX, FORMATS.TFJS])
    for (const { name, content } of (await format.write(model, metadata)).files)
      writeFileSync(path.join(target, name), content)
  writeFileSync(path.join(target, 'example.py'), writePythonExample(metadata, widths, ONNX_RUNTIME))
  writeFileSync(path.join(target, 'example.mjs'), writeExample(FORMATS.ONNX.example!, metadata, widths))
  return target
}

const score = { meanAveragePrecision: 0.25, cmc: Array.from({ length: 20 }, (_, i) => (i + 1) / 20) }
const EVALUATION: RetrievalEvaluation = {
  kind: 'RETRIEVAL',
  queryCount: 7,
  galleryCount: 30,
  queriesWithoutMatch: 1,
  students: ['ada', 'ben'].map((name) => ({
    name,
    architecture: 'convnet-0.25' as const,
    parameters: 1000,
    ...score,
  })),
  ensemble: score,
}

function datasetOf(preparation: Preparation, channels: 1 | 3): PackedDataset {
  const { dataset } = smallOrder({ students: STUDENTS })
  const { train, test } = dataset.splits as { train: never; test: never }
  const means = Array.from({ length: channels }, () => 0.5)
  return {
    ...dataset,
    ...{ kind: 'RETRIEVAL', height: 28, width: 32, channels, preparation },
    ...{ channelMeans: means, channelDeviations: means, splits: { train, query: test, gallery: test } },
  } as PackedDataset
}

/** As example.py prepares them, image by image. */
async function prepareInPython(model: string): Promise<number[][]> {
  const files = await writeImages()
  const script =
    'import json, sys; sys.path.insert(0, sys.argv[1]); import example; print(json.dumps([example.prepare(f).ravel().tolist() for f in sys.argv[2:]]))'
  const { stdout } = await execute(python, ['-c', script, model, ...files], { maxBuffer: 1 << 28 })
  return JSON.parse(stdout)
}

/** As index.html prepares them once a browser has decoded them. */
async function prepareInPage(model: string, background: string): Promise<number[][]> {
  const page = readFileSync(path.join(model, 'index.html'), 'utf8')
  const [, json] = /id="model">(.*?)<\/script>/s.exec(page)!
  const program = page.slice(page.lastIndexOf('<script>') + 8, page.lastIndexOf('start()'))
  const document = { getElementById: () => ({ textContent: json }) }
  const prepare = runInNewContext(`${program}\nprepare`, { document })
  const decoded = Object.values(images).map((bytes) =>
    sharp(bytes, { autoOrient: true })
      .flatten({ background })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true }),
  )
  return (await Promise.all(decoded)).map(({ data, info: { width, height, channels } }) =>
    Array.from(prepare({ values: Float32Array.from(data), width, height, channels })),
  )
}

async function writeImages(): Promise<string[]> {
  const target = path.join(folder, 'images')
  mkdirSync(target, { recursive: true })
  for (const [name, bytes] of Object.entries(images)) writeFileSync(path.join(target, name), bytes)
  return Object.keys(images).map((name) => path.join(target, name))
}

describe.skipIf(!python)('the Python example', () => {
  it.each(
    FITS.flatMap((fit) => [
      { fit, channels: 3 as const },
      { fit, channels: 1 as const },
    ]),
  )(
    'and the page prepare images as the import does, to a few of 255: $fit, $channels channels',
    async ({ fit, channels }) => {
      const preparation = { fit, background: '#2040ff' }
      const imported = await importImages(preparation, channels)
      const model = await exportModel(datasetOf(preparation, channels))
      for (const own of [await prepareInPython(model), await prepareInPage(model, preparation.background)])
        for (const [i, name] of Object.keys(images).sort().entries()) {
          const mine = own[Object.keys(images).indexOf(name)]!
          expect(mine.length).toBe(imported[i]!.length)
          const differences = mine.map((value, k) => Math.abs(value - imported[i]![k]!))
          const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
          expect(mean, name).toBeLessThan(1.5)
          expect(Math.max(...differences), name).toBeLessThan(16)
        }
    },
    60_000,
  )

  it('compares two images and ranks a folder as the JavaScript one does', async () => {
    const recipe = { inputSize: { height: 16, width: 20 } }
    const model = await exportModel(datasetOf({ fit: 'COVER', background: '#ffffff' }, 3), recipe)
    const [wide, tall] = await writeImages()
    const run = async (other: string) =>
      Promise.all([
        execute(python, [path.join(model, 'example.py'), wide!, other]),
        execute(process.execPath, [path.join(model, 'example.mjs'), wide!, other]),
      ])
    const [far, farInJs] = (await run(tall!)).map(({ stdout }) => Number(stdout))
    expect(far).toBeGreaterThan(0)
    expect(Math.abs(far! - farInJs!)).toBeLessThan(0.02)
    const [ranks, ranksInJs] = (await run(path.join(folder, 'images'))).map(({ stdout }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1]),
    )
    expect(ranks).toHaveLength(6)
    expect(ranks![0]).toBe('wide.png')
    expect([...ranks!].sort()).toEqual([...ranksInJs!].sort())
  }, 60_000)
})
