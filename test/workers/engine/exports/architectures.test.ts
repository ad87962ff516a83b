import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ARCHITECTURE_FAMILIES } from '../../../../contract/architectures.ts'
import { EXPORT_FORMATS, type ExportFormatName } from '../../../../contract/training.ts'
import { openExportImages } from '../../../../workers/engine/exports/export-images.ts'
import { buildEnsembleModel, buildStudentModel } from '../../../../workers/engine/exports/exported-model.ts'
import { FORMATS } from '../../../../workers/engine/exports/formats/index.ts'
import { modelMetadata, type Subject } from '../../../../workers/engine/exports/model-metadata.ts'
import { readGivenFile } from '../../../../workers/engine/given/read-given-file.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import { decodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { buildStudent } from '../../../../workers/engine/students/student-network.ts'
import { type LayersModel, type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'
import { smallOrder } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'
import {
  EXACT_FORMATS,
  type ExportedModel,
  largestDifference,
  type Outputs,
  runExports,
  runInPython,
} from './exported-models.ts'
import { preparePython } from './python-packages.ts'

/** The smallest member of every family, all in one cohort. Odd sizes show whether padding is on the right side. */
const architectures = Object.values(ARCHITECTURE_FAMILIES).map(({ examples }) => examples[0])
const order = smallOrder({
  students: Object.fromEntries(architectures.map((architecture, i) => [`student-${i}`, architecture])),
  teaching: architectures.length < 2 ? { method: 'INDEPENDENT' } : {},
  stored: storeSyntheticDataset({ size: 15 }),
})
const { students } = order.cohort
const folder = mkdtempSync(join(tmpdir(), 'studyhall-exports-'))
const pixelsPath = join(folder, 'pixels')
const PICTURES = 2
const shape: [number, number, number, number] = [PICTURES, 15, 15, 3]

const subjects: { title: string; subject: Subject }[] = [
  ...students.map(({ architecture }, index) => ({
    title: `a ${architecture}`,
    subject: { kind: 'student' as const, index },
  })),
  ...(students.length > 1 ? [{ title: 'the ensemble', subject: { kind: 'ensemble' as const } }] : []),
]
const models = EXPORT_FORMATS.flatMap((format) =>
  // What 8 bits cost an ensemble is measured where one is trained.
  subjects.slice(0, format === 'ONNX_INT8' ? students.length : undefined).map(({ title, subject }, i) => ({
    title,
    subject,
    format,
    folder: join(folder, format, String(i)),
  })),
)
/** The engine's own, in the order of `subjects`. */
const expected: Outputs[] = []
let outputs: Map<ExportedModel, Outputs>
/** By Python's readers, if asked for by PYTHON_FORMATS=yes: to install and to run them takes minutes. */
let readInPython: Map<ExportedModel, Outputs | null> | undefined

/** Initial weights, and statistics of which no two are the same, as if there had been a training. */
function drawState(): Map<string, Float32Array> {
  const random = createGenerator('statistics')
  const entries = students.flatMap((student) => {
    const network = buildStudent(student, order.dataset, order.dataset.classes.length, order.seed)
    return network.weights.map(({ name, variable }): [string, Float32Array] => {
      const values = variable.dataSync() as Float32Array
      const isKernel = name.endsWith('kernel')
      const drawn = values.map((value) => (isKernel ? value : value + (random.integer(100) - 50) / 500))
      return [`${student.name}/${name}`, drawn]
    })
  })
  return new Map(entries)
}

function build({ kind, ...subject }: Subject, state: Map<string, Float32Array>): LayersModel {
  if ('index' in subject) return buildStudentModel(students[subject.index]!, order.dataset, state)
  return buildEnsembleModel(students, order.dataset, state)
}

beforeAll(async () => {
  const random = createGenerator('pixels')
  const pixels = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.integer(256))
  writeFileSync(pixelsPath, pixels)
  const state = drawState()
  const scores = { top1: 0.5, loss: 1 }
  const evaluation = {
    testCount: 1,
    students: students.map((student) => ({ ...student, parameters: 1, ...scores })),
    ensemble: { meanPosteriorTop1: 0.5, concatenatedFeaturesTop1: 0.5 },
  }
  const images = openExportImages(order)
  for (const { subject } of subjects) {
    const model = build(subject, state)
    const results = tf.tidy(
      () => [model.predict(tf.tensor4d(Float32Array.from(pixels), shape))].flat() as Tensor[],
    )
    expected.push(results.map((tensor) => Array.from(tensor.dataSync())))
    for (const { format, folder } of models.filter((exported) => exported.subject === subject)) {
      mkdirSync(folder, { recursive: true })
      const metadata = modelMetadata(order, evaluation as never, subject)
      const { files } = await FORMATS[format].write(model, metadata, images)
      for (const { name, content } of files) writeFileSync(join(folder, name), content)
    }
    model.dispose()
  }
  images.close()
  outputs = await runExports(
    pixelsPath,
    models.filter(({ format }) => format !== 'KERAS'),
  )
  if (process.env.PYTHON_FORMATS !== 'yes') return
  const prepared = await preparePython('python-formats')
  if ('missing' in prepared) throw new Error(prepared.missing)
  const readable = models.filter(({ format }) => format !== 'TFJS')
  readInPython = await runInPython(prepared.python, pixelsPath, readable)
}, 900_000)

// Nearly a gigabyte.
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(subjects.map(({ title }, i) => [title, i] as const))('%s', (_, i) => {
  const modelOf = (format: ExportFormatName) =>
    models.find((other) => other.subject === subjects[i]!.subject && other.format === format)!
  const compare = (own: Outputs, tolerance: number) => {
    expect(own.map(({ length }) => length)).toEqual(expected[i]!.map(({ length }) => length))
    for (const [output, values] of expected[i]!.entries()) {
      const scale = Math.max(1, ...values)
      expect(largestDifference(own[output]!, values) / scale).toBeLessThan(tolerance)
    }
  }

  it.each(EXACT_FORMATS)('computes as %s what it does in the engine', (format) => {
    compare(outputs.get(modelOf(format))!, 1e-4)
  })

  it.skipIf(i === students.length)('computes in 8 bits nearly what it does in the engine', () => {
    const { folder } = modelOf('ONNX_INT8')
    const { quantization } = JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8'))
    expect(quantization.loss.featureSimilarity.mean).toBeGreaterThan(0.98)
    const { float32, int8 } = quantization.byteLength
    // The smallest of all has hardly more weights than names.
    expect(int8 / float32).toBeLessThan(students[i]!.architecture === 'convnet-0.25' ? 0.6 : 0.4)
    // It is measured before what was measured is written into it.
    expect(statSync(join(folder, 'model.onnx')).size - int8).toBeLessThan(2000)
  })

  it.for(['KERAS', 'ONNX', 'SAVED_MODEL'] as const)(
    'computes the same in Python as %s',
    (format, { skip }) => {
      const own = readInPython?.get(modelOf(format))
      if (!own) return skip('PYTHON_FORMATS=yes asks for it, and its package is to be installed')
      compare(own, 1e-4)
      expect(largestDifference(own.at(-1)!, expected[i]!.at(-1)!)).toBeLessThan(1e-5)
    },
  )

  it.skipIf(i === students.length)('computes in 8 bits the same in Python as in JavaScript', ({ skip }) => {
    const own = readInPython?.get(modelOf('ONNX_INT8'))
    if (!own) return skip('PYTHON_FORMATS=yes asks for it')
    for (const [k, values] of outputs.get(modelOf('ONNX_INT8'))!.entries())
      expect(largestDifference(own[k]!, values)).toBeLessThan(1e-4)
  })

  it('keeps every weight in its Keras file under the layer’s name', async () => {
    const { weights } = await readGivenFile(join(modelOf('KERAS').folder, 'model.keras'))
    const { tensors } = decodeSafetensors(
      readFileSync(join(modelOf('SAFETENSORS').folder, 'model.safetensors')),
    )
    expect(weights.tensors.size).toBe(tensors.length)
    for (const { name, shape, values } of tensors) {
      const end = name.lastIndexOf('/')
      const own = weights.tensors.get(`${name.slice(0, end).replaceAll('/', '.')}${name.slice(end)}`)
      expect(own?.shape, name).toEqual(shape)
      expect(largestDifference(own!.read(), values), name).toBe(0)
    }
  })

  it('is read as safetensors in Python', ({ skip }) => {
    const model = modelOf('SAFETENSORS')
    const own = readInPython?.get(model)
    if (!own) return skip('PYTHON_FORMATS=yes asks for it')
    const file = readFileSync(join(model.folder, 'model.safetensors'))
    expect(own[0]![0]).toBe((file.length - 8 - Number(file.readBigUInt64LE())) / 4)
  })
})
