import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { EXPORT_FORMATS, type ExportFormatName } from '../../../../contract/training.ts'
import { decodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'
import {
  countOperations,
  EXACT_FORMATS,
  type ExportedModel,
  installPackages,
  JAVASCRIPT_FORMATS,
  largestDifference,
  type Outputs,
  runExports,
  softmaxOf,
  unzip,
} from './exported-models.ts'

const students = { ada: 'resnet-8', ben: 'resnet-14' }
const stored = storeSyntheticDataset()
const execute = promisify(execFile)

const MODELS = ['ada-resnet-8', 'ben-resnet-14', 'ensemble'] as const
const SUFFIXES: Record<ExportFormatName, string> = {
  TFJS: 'tfjs',
  SAVED_MODEL: 'saved-model',
  ONNX: 'onnx',
  SAFETENSORS: 'safetensors',
  KERAS: 'keras',
  ONNX_INT8: 'onnx-int8',
}
const { test } = stored.dataset.splits
const pixelsPath = stored.blobPaths[test.shards[0]!.sha256]!

let order: ReturnType<typeof smallOrder>
let run: FinishedRun
/** The folders that the artifacts were unzipped to, by artifact. */
const unzipped: Record<string, string> = {}
/** What the models say of all test images by a runtime of their format. */
let outputs: Map<ExportedModel, Outputs>

const folderOf = (model: string, format: ExportFormatName) => unzipped[`${model}-${SUFFIXES[format]}.zip`]!

beforeAll(async () => {
  order = { ...smallOrder({ students, stored, recipe: { epochs: 4 } }), formats: [...EXPORT_FORMATS] }
  run = await trainToTheEnd(order)
  for (const { fileName, path } of eventsOfType(run.events, 'artifact')) {
    unzipped[fileName] = join(order.outputFolder, 'unzipped', fileName)
    await unzip(path, unzipped[fileName])
  }
  const models = JAVASCRIPT_FORMATS.flatMap((format) =>
    MODELS.map((model) => ({ model, format, folder: folderOf(model, format) })),
  )
  outputs = await runExports(pixelsPath, models)
}, 300_000)

/** In the order of MODELS. */
function outputsOf(format: ExportFormatName): Outputs[] {
  return [...outputs].filter(([model]) => model.format === format).map(([, own]) => own)
}

function accuracy(posteriors: number[]): number {
  const classes = stored.dataset.classes.length
  const labels = readFileSync(stored.blobPaths[test.labelsSha256]!)
  const hits = Array.from({ length: test.count }, (_, i) => {
    const posterior = posteriors.slice(i * classes, (i + 1) * classes)
    return posterior.indexOf(Math.max(...posterior)) === labels.readInt32LE(4 * i)
  })
  return hits.filter(Boolean).length / test.count
}

describe('the artifacts of a run', () => {
  it('are every student and the ensemble in every format, in the output folder', () => {
    const artifacts = eventsOfType(run.events, 'artifact')
    const expected = MODELS.flatMap((model, i) =>
      EXPORT_FORMATS.map((format) => [format, i < 2 ? i : null, `${model}-${SUFFIXES[format]}.zip`]),
    )
    expect(artifacts.map(({ format, student, fileName }) => [format, student, fileName])).toEqual(expected)
    for (const { path, fileName } of artifacts) expect(path).toBe(join(order.outputFolder, fileName))
  })

  const FILES: Record<ExportFormatName, string[]> = {
    TFJS: ['index.html', 'model.json', 'weights-1-of-1.bin'],
    SAVED_MODEL: ['metadata.json', 'saved_model.pb'],
    ONNX: ['metadata.json', 'model.onnx', 'example.py'],
    SAFETENSORS: ['config.json', 'model.safetensors'],
    KERAS: ['metadata.json', 'model.keras', 'example.py'],
    ONNX_INT8: ['metadata.json', 'model.onnx', 'example.py'],
  }
  it.each(EXPORT_FORMATS)('hold as %s a model, what belongs to it, a card and an example', (format) => {
    for (const model of MODELS)
      expect(readdirSync(folderOf(model, format)).sort()).toEqual(
        [
          ...['README.md', 'preprocessor_config.json', ...FILES[format]],
          ...(format === 'KERAS' ? [] : ['example.mjs']),
        ].sort(),
      )
  })

  it('have standard layers and unique weight names only', () => {
    for (const folder of MODELS.map((model) => folderOf(model, 'TFJS'))) {
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

  it.each(EXACT_FORMATS)(
    'reach as %s, run by another runtime, the accuracy that the evaluation told',
    (format) => {
      const [told] = eventsOfType(run.events, 'evaluation').map(({ evaluation }) => evaluation)
      const [[, logits, ada], [, , ben], [features, posterior]] = outputsOf(format) as [
        [number[], number[], number[]],
        [number[], number[], number[]],
        [number[], number[]],
      ]
      expect(largestDifference(softmaxOf(logits, stored.dataset.classes.length), ada)).toBeLessThan(1e-5)
      expect([ada, ben].map(accuracy)).toEqual(told!.students.map(({ top1 }) => top1))
      expect(accuracy(posterior)).toBe(told!.ensemble.meanPosteriorTop1)
      expect(features.length).toBe(test.count * 2 * 64)
      const mean = ada.map((value, i) => (value + ben[i]!) / 2)
      expect(largestDifference(posterior, mean)).toBeLessThan(1e-5)
    },
  )

  it.each(EXACT_FORMATS.filter((format) => format !== 'TFJS'))(
    'agree as %s with the TF.js models',
    (format) => {
      for (const [i, own] of outputsOf(format).entries())
        for (const [k, values] of own.entries())
          expect(largestDifference(values, outputsOf('TFJS')[i]![k]!)).toBeLessThan(1e-4)
    },
  )

  it.each(MODELS.map((name, i) => [name, i] as const))(
    'tell in 8 bits what that cost: %s',
    async (name, i) => {
      const folder = folderOf(name, 'ONNX_INT8')
      const { quantization } = JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8'))
      const { loss, byteLength } = quantization
      const [exact, rounded] = (['ONNX', 'ONNX_INT8'] as const).map((format) => outputsOf(format)[i]!.at(-1)!)
      expect(loss).toMatchObject({ images: test.count, float32: { top1: accuracy(exact!) } })
      expect(loss.int8.top1).toBeCloseTo(accuracy(rounded!), 9)
      expect(loss.agreement).toBeGreaterThan(0.8)
      expect(loss.featureSimilarity.mean).toBeGreaterThan(0.99)
      expect(largestDifference(rounded!, exact!)).toBeGreaterThan(0)
      const sizes = (['ONNX', 'ONNX_INT8'] as const).map(
        (format) => statSync(join(folderOf(name, format), 'model.onnx')).size,
      )
      expect([byteLength.float32, sizes[1]! / sizes[0]! < 0.36]).toEqual([sizes[0], true])
      const card = readFileSync(join(folder, 'README.md'), 'utf8')
      expect(card).toContain(
        `| top-1 | ${(100 * loss.float32.top1).toFixed(2)} % | ${(100 * loss.int8.top1).toFixed(2)} % |`,
      )
      expect(card).toContain(`\n      value: ${loss.int8.top1}\n`)
    },
  )

  it('hold 8-bit convolutions that a runtime computes with integers', async () => {
    const file = join(folderOf('ada-resnet-8', 'ONNX_INT8'), 'model.onnx')
    const names = ['QLinearConv', 'QLinearAdd', 'QGemm', 'Conv', 'Add', 'Gemm', 'Relu']
    // A ResNet-8: three blocks of two convolutions, one before them, and two where the channels become more.
    expect(await countOperations(file, names)).toEqual([9, 3, 1, 0, 0, 0, 0])
  })

  it.each(JAVASCRIPT_FORMATS)(
    'come as %s with an example that runs as it is and prints the class',
    async (format) => {
      const { height, width, channels, classes } = stored.dataset
      const pixels = readFileSync(pixelsPath).subarray(0, height * width * channels)
      const picture = join(order.outputFolder, 'picture.png')
      await sharp(pixels, { raw: { width, height, channels } }).png().toFile(picture)
      const folders = [0, 2].map((i) => folderOf(MODELS[i]!, format))
      for (const folder of folders) installPackages(folder)
      const printed = await Promise.all(
        folders.map((folder) => execute(process.execPath, [join(folder, 'example.mjs'), picture])),
      )
      const likeliest = [0, 2].map((i) => {
        const posterior = outputsOf(format)[i]!.at(-1)!.slice(0, classes.length)
        return classes[posterior.indexOf(Math.max(...posterior))]
      })
      expect(printed.map(({ stdout }) => stdout.trim().split('\n').at(-1))).toEqual(likeliest)
    },
    60_000,
  )

  it('tell every program in their own metadata what they are', () => {
    const { metadata } = decodeSafetensors(
      readFileSync(join(folderOf('ada-resnet-8', 'SAFETENSORS'), 'model.safetensors')),
    )
    expect(JSON.parse(metadata.classes!)).toEqual(stored.dataset.classes)
    expect(metadata).toMatchObject({ kind: 'student', seed: '1' })
    const onnx = readFileSync(join(folderOf('ada-resnet-8', 'ONNX'), 'model.onnx'), 'latin1')
    for (const text of ['class-0', 'resnet-8', 'NHWC', '"batchSize":8']) expect(onnx).toContain(text)
    const config = JSON.parse(
      readFileSync(join(folderOf('ensemble', 'SAVED_MODEL'), 'metadata.json'), 'utf8'),
    )
    expect(config).toMatchObject({ kind: 'ensemble', recipe: { batchSize: 8 } })
  })

  it('carry a card with what the run was made of', () => {
    const card = readFileSync(join(folderOf('ada-resnet-8', 'TFJS'), 'README.md'), 'utf8')
    expect(card).toMatch(/^---\nlicense: unknown\nlibrary_name: tfjs\npipeline_tag: image-classification\n/)
    for (const fact of [
      'ben (resnet-14)',
      'class\\-0, class\\-1',
      '| seed | 1 |',
      '| update rule | SEQUENTIAL |',
      '"batchSize": 8',
    ]) {
      expect(card).toContain(fact)
    }
  })
})

it.each(EXPORT_FORMATS)('the card of a model as %s names its files and what runs it', (format) => {
  const card = readFileSync(join(folderOf('ensemble', format), 'README.md'), 'utf8')
  const library = { ...SUFFIXES, SAVED_MODEL: 'tensorflow', SAFETENSORS: 'tfjs', ONNX_INT8: 'onnx' }[format]
  expect(card).toContain(`\nlibrary_name: ${library}\n`)
  expect(card).toContain('`mean_posterior`')
  if (format === 'KERAS') {
    expect(card).toContain('`pip install numpy pillow keras tensorflow && python example.py picture.png`')
    return
  }
  const [, packages] = /npm install (.*) && node example\.mjs/.exec(card)!
  const example = readFileSync(join(folderOf('ensemble', format), 'example.mjs'), 'utf8')
  for (const name of packages!.split(' ')) expect(example).toContain(`'${name}'`)
})

it('exports TF.js models only where nothing else is asked for, and no ensemble of a single student', async () => {
  const alone = await trainToTheEnd(
    smallOrder({ students: { ada: 'resnet-8' }, teaching: { method: 'INDEPENDENT' }, stored }),
  )
  const artifacts = eventsOfType(alone.events, 'artifact')
  expect(artifacts.map(({ format, student }) => [format, student])).toEqual([['TFJS', 0]])
})
