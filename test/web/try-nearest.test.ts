import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { ModelFile } from '../../web/features/try/networks/read-model.ts'
import { computeFeatures } from '../../web/features/try/networks/run-network.ts'
import {
  concatenatedSquares,
  findNearest,
  squaredDistances,
  toUnitFeatures,
} from '../../web/features/try/retrieval/find-nearest.ts'
import { concatenatedDistances, FeatureDistances } from '../../workers/engine/evaluation/feature-distances.ts'

const GALLERY = 30
const WIDTHS = [5, 8]

/** In no order, and always the same. */
const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 12.9898 * i) * 3)

it('finds in the browser what the engine ranks first, at the same distances', () => {
  const queries = WIDTHS.map((width, k) => numbers(width, 1 + k))
  const galleries = WIDTHS.map((width, k) => numbers(width * GALLERY, 50 + k))
  const engine = WIDTHS.map((width, k) =>
    new FeatureDistances({ values: queries[k]!, width }, { values: galleries[k]!, width }).block(0, 1)(0),
  )
  const own = WIDTHS.map((_, k) =>
    squaredDistances(toUnitFeatures(queries[k]!, 1), toUnitFeatures(galleries[k]!, GALLERY)),
  )
  for (const [squares, expected] of [
    ...own.map((squares, k) => [squares, engine[k]!] as const),
    [concatenatedSquares(own), concatenatedDistances(engine)] as const,
  ]) {
    for (const [place, square] of squares.entries()) expect(square).toBeCloseTo(expected.exact(place), 10)
    const order = [...squares.keys()].sort((a, b) => expected.exact(a) - expected.exact(b))
    expect(findNearest(squares, 12).map(({ place }) => place)).toEqual(order.slice(0, 12))
  }
})

it('puts equally distant images in the order of the gallery, and an image itself first', () => {
  const gallery = toUnitFeatures(Float32Array.of(0, 2, 3, 0, 0, 5, 0, 0), 4)
  const found = findNearest(squaredDistances(toUnitFeatures(Float32Array.of(0, 7), 1), gallery), 12)
  expect(found).toEqual([
    { place: 0, distance: 0 },
    { place: 2, distance: 0 },
    { place: 3, distance: 1 },
    { place: 1, distance: Math.SQRT2 },
  ])
})

it('asks for the features of many images at once as of each alone, and leaves no memory behind', async () => {
  await tf.setBackend('cpu')
  const input = tf.input({ shape: [4, 4, 1] })
  const features = tf.layers.flatten().apply(input) as tf.SymbolicTensor
  const posterior = tf.layers.dense({ units: 3, activation: 'softmax' }).apply(features) as tf.SymbolicTensor
  const network = tf.model({ inputs: input, outputs: [features, posterior] })
  const file = {
    input: { height: 4, width: 4, channels: 1 },
    pictures: { height: 4, width: 4 },
  } as ModelFile
  const pictures = [1, 2, 3].map((seed) => Uint8ClampedArray.from(numbers(16, seed), (v) => 80 + 20 * v))
  const before = tf.memory().numTensors
  const together = await computeFeatures(tf, network, file, pictures)
  const alone = await computeFeatures(tf, network, file, [pictures[1]!])
  expect(together).toHaveLength(48)
  expect(together.slice(16, 32)).toEqual(alone)
  expect([...alone]).toEqual([...pictures[1]!])
  expect(tf.memory().numTensors).toBe(before)
  network.dispose()
})
