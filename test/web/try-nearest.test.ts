import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { occlude } from '../../web/features/try/heat/occlude.ts'
import { nameRegion } from '../../web/features/try/heat/regions.ts'
import { probabilityOf, similarityTo } from '../../web/features/try/heat/scores.ts'
import type { ModelFile } from '../../web/features/try/networks/read-model.ts'
import { computeFeatures } from '../../web/features/try/networks/run-network.ts'
import { startFirst } from '../../web/features/try/networks/use-networks.ts'
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

const SIDE = 12

/** A network that sees the pixels of `seen` alone, each as much as the others: a class for and a class against. */
function watcher(seen: (x: number, y: number) => boolean) {
  const input = tf.input({ shape: [SIDE, SIDE, 1] })
  const features = tf.layers.flatten().apply(input) as tf.SymbolicTensor
  const posterior = tf.layers.dense({ units: 2, activation: 'softmax' }).apply(features) as tf.SymbolicTensor
  const network = tf.model({ inputs: input, outputs: [features, posterior] })
  const share = (i: number) => (seen(i % SIDE, Math.floor(i / SIDE)) ? 0.0003 : 0)
  const kernel = Array.from({ length: SIDE * SIDE }, (_, i) => [share(i), -share(i)])
  network.layers.at(-1)!.setWeights([tf.tensor2d(kernel), tf.zeros([2])])
  const size = { height: SIDE, width: SIDE }
  const file = { input: { ...size, channels: 1 }, pictures: size, means: [0.2] } as unknown as ModelFile
  return { network, file }
}

const quiet = { signal: new AbortController().signal, onProgress: () => {} }
const PIXELS = Uint8ClampedArray.from(numbers(SIDE * SIDE, 3), (value) => 150 + 25 * value)

it('tells for each pixel how far the answer drops, on average, under the patches that cover it', async () => {
  await tf.setBackend('cpu')
  const one = watcher((x, y) => x < 4 && y < 6)
  const before = tf.memory().numTensors
  const map = await occlude(tf, one, PIXELS, { ...quiet, patch: 4, score: probabilityOf(0) })
  expect(tf.memory().numTensors).toBe(before)

  const posteriorOf = (pixels: ArrayLike<number>) => {
    const sum = Array.from(pixels, (value, i) => (i % SIDE < 4 && i < 6 * SIDE ? 0.0003 * value : 0)).reduce(
      (all, value) => all + value,
    )
    return 1 / (1 + Math.exp(-2 * sum))
  }
  const drops = new Float64Array(SIDE * SIDE)
  const counts = new Float64Array(SIDE * SIDE)
  for (let top = -2; top < SIDE; top += 2)
    for (let left = -2; left < SIDE; left += 2) {
      const isCovered = (i: number) =>
        Math.floor(i / SIDE) >= top &&
        Math.floor(i / SIDE) < top + 4 &&
        i % SIDE >= left &&
        i % SIDE < left + 4
      const covered = Array.from(PIXELS, (value, i) => (isCovered(i) ? 0.2 * 255 : value))
      const drop = posteriorOf(PIXELS) - posteriorOf(covered)
      for (const i of drops.keys())
        if (isCovered(i)) {
          drops[i]! += drop
          counts[i]!++
        }
    }
  expect(map.score).toBeCloseTo(posteriorOf(PIXELS), 5)
  for (const [i, drop] of map.drops.entries()) expect(drop).toBeCloseTo(drops[i]! / counts[i]!, 5)
  expect(map.scale).toBeCloseTo(Math.max(...map.drops.map(Math.abs)), 6)
  const [most] = map.regions.toSorted((a, b) => b.drop - a.drop)
  expect(nameRegion(most!)).toBe('the upper left')
  // Nothing is looked at on the right: no colour there.
  expect(map.colours[4 * (SIDE - 1) + 3]).toBe(0)
  one.network.dispose()
})

it('tells by how much an image becomes less like itself, or another, and stops where it is told to', async () => {
  const one = watcher(() => true)
  const lengthOf = (values: ArrayLike<number>) => Math.hypot(...Array.from(values))
  const own = Float32Array.from(PIXELS, (value) => value / lengthOf(PIXELS))
  const map = await occlude(tf, one, PIXELS, { ...quiet, patch: 6, score: similarityTo(own) })
  expect(map.score).toBeCloseTo(1, 5)
  expect(Math.min(...map.drops)).toBeGreaterThan(0)

  const controller = new AbortController()
  const before = tf.memory().numTensors
  const onProgress = () => controller.abort(new Error('seen enough'))
  const stopped = occlude(tf, one, PIXELS, {
    ...{ patch: 2, score: probabilityOf(1) },
    ...{ signal: controller.signal, onProgress },
  })
  await expect(stopped).rejects.toThrow('seen enough')
  expect(tf.memory().numTensors).toBe(before)
  one.network.dispose()
})

it('computes on the next backend where one that the browser seems to have does not start', async () => {
  const { backend, complaints } = await startFirst(['webgl', 'cpu'])
  expect(backend).toBe('cpu')
  expect(complaints).toEqual([expect.stringMatching(/^WebGL does not work here: /)])
})
