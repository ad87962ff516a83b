import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RetrievalEvaluation } from '../../../../contract/evaluation.ts'
import type { PackedDataset } from '../../../../contract/packed/manifest.ts'
import { buildStudentModel } from '../../../../workers/engine/exports/exported-model.ts'
import { FORMATS } from '../../../../workers/engine/exports/formats/index.ts'
import { modelCard } from '../../../../workers/engine/exports/model-card.ts'
import { modelMetadata } from '../../../../workers/engine/exports/model-metadata.ts'
import { buildStudent } from '../../../../workers/engine/students/student-network.ts'
import { type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'
import { smallOrder } from '../small-run.ts'
import { largestDifference, runExports } from './exported-models.ts'

const order = smallOrder({ students: { ada: 'convnet-0.25', ben: 'convnet-0.25' } })
const { train, test } = order.dataset.splits
const strangers = { count: 1, shards: test.shards, identitiesSha256: '', camerasSha256: '' }
const dataset: PackedDataset = {
  ...order.dataset,
  kind: 'RETRIEVAL',
  splits: { train, query: strangers, gallery: strangers },
}
const score = { meanAveragePrecision: 0.25, cmc: Array.from({ length: 20 }, (_, i) => (i + 1) / 20) }
const evaluation: RetrievalEvaluation = {
  kind: 'RETRIEVAL',
  queryCount: 7,
  galleryCount: 30,
  queriesWithoutMatch: 1,
  students: order.cohort.students.map((student) => ({ ...student, parameters: 1000, ...score })),
  ensemble: { ...score, meanAveragePrecision: 0.5 },
}
const metadata = modelMetadata({ ...order, dataset }, evaluation, { kind: 'student', index: 0 })

it('a student that was trained for retrieval is exported with its features, in every runtime the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-exports-'))
  const [student] = order.cohort.students
  const weights = buildStudent(student!, dataset, dataset.classes.length, 1).weights
  const state = new Map(
    weights.map(({ name, variable }) => [`ada/${name}`, variable.dataSync() as Float32Array]),
  )
  const model = buildStudentModel(student!, dataset, state)
  const pixels = Uint8Array.from({ length: 2 * 12 * 12 * 3 }, (_, i) => (i * 37) % 256)
  writeFileSync(join(folder, 'pixels'), pixels)
  const input = tf.tensor4d(Float32Array.from(pixels), [2, 12, 12, 3])
  const expected = (model.predict(input) as Tensor[]).map((tensor) => tensor.dataSync())
  const { length: classes } = dataset.classes
  expect(expected.map(({ length }) => length)).toEqual([2 * 32, 2 * classes, 2 * classes])

  const models = (['ONNX', 'SAVED_MODEL'] as const).map((format) => ({
    format,
    folder: join(folder, format),
  }))
  for (const { format, folder } of models) {
    mkdirSync(folder)
    const { files } = await FORMATS[format].write(model, metadata)
    for (const { name, content } of files) writeFileSync(join(folder, name), content)
  }
  for (const outputs of (await runExports(join(folder, 'pixels'), models)).values())
    for (const [i, values] of outputs.entries())
      expect(largestDifference(values, expected[i]!)).toBeLessThan(1e-4)
}, 120_000)

it('its card tells how well strangers were found, and by what', () => {
  const card = modelCard(metadata, FORMATS.ONNX)
  expect(card).toContain('pipeline_tag: image-feature-extraction')
  expect(card).toContain('- type: mean_average_precision\n      value: 0.25')
  expect(card).toContain('| on 7 queries in a gallery of 30 images |')
  expect(card).toContain('| ada | convnet-0.25 | 1,000 | 25.00 % | 5.00 % | 25.00 % |')
  expect(card).toContain('`features` and `logits` and `posterior`')
})

it('its card counts no images as trained on that were set aside for validation', () => {
  const recipe = { ...order.recipe, validationShare: 0.25 }
  const subject = { kind: 'student', index: 0 } as const
  const told = modelMetadata({ ...order, recipe, dataset }, evaluation, subject)
  expect(told.dataset.trainingPictures).toBe(train.count - Math.round(0.25 * train.count))
})
