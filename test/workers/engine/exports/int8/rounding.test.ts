import { expect, it } from 'vitest'
import { FeatureSimilarity } from '../../../../../workers/engine/exports/int8/feature-similarity.ts'
import { foldNormalizations } from '../../../../../workers/engine/exports/int8/fold-normalizations.ts'
import {
  endsOf,
  quantizationOf,
  quantizeKernel,
} from '../../../../../workers/engine/exports/int8/integers.ts'
import { quantizedValues } from '../../../../../workers/engine/exports/int8/quantized-values.ts'
import { searchSample } from '../../../../../workers/engine/exports/int8/test-sample.ts'
import type { GraphLayer } from '../../../../../workers/engine/exports/layer-graph.ts'

it('keeps 0 exact, whatever the range', () => {
  for (const [least, most] of [
    [0, 6],
    [-1.3, 2.9],
    [0.5, 3],
    [-4, -1],
    [0, 0],
  ] as const) {
    const { scale, zeroPoint } = quantizationOf({ least, most })
    expect(scale).toBeGreaterThan(0)
    expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true)
    const ends = endsOf({ scale, zeroPoint })
    expect(ends.least).toBeLessThanOrEqual(Math.min(0, least) + scale / 2)
    expect(ends.most).toBeGreaterThanOrEqual(Math.max(0, most) - scale / 2 - 1e-6)
  }
  expect(quantizationOf({ least: 0, most: 6 }).zeroPoint).toBe(0)
})

it('rounds each output channel of a kernel by its own largest weight, wherever its channels lie', () => {
  const first = quantizeKernel(
    { shape: [2, 2], values: Float32Array.of(1, -2, 0.004, 0.02) },
    'FIRST',
    1,
    undefined,
  )
  expect([...first.values]).toEqual([64, -127, 25, 127])
  expect([...first.scales]).toEqual([Math.fround(2 / 127), Math.fround(Math.fround(0.02) / 127)])
  const last = quantizeKernel(
    { shape: [2, 2], values: Float32Array.of(1, 0.004, -2, 0.02) },
    'LAST',
    1,
    undefined,
  )
  expect([...last.values]).toEqual([64, 25, -127, 127])
})

it('rounds a bias to the unit of products, which grows where 32 bits would not hold it', () => {
  const kernel = { shape: [2, 1], values: Float32Array.of(1.27, 1e-12) }
  const { scales, bias } = quantizeKernel(kernel, 'FIRST', 0.5, Float32Array.of(0.1, 3))
  expect(bias![0]! * 0.5 * scales[0]!).toBeCloseTo(0.1, 2)
  expect(Math.abs(bias![1]!)).toBeLessThanOrEqual(2 ** 30 + 64)
  expect(bias![1]! * 0.5 * scales[1]!).toBeCloseTo(3, 5)
})

const layer = (
  name: string,
  className: string,
  inputs: string[],
  more: Partial<GraphLayer> = {},
): GraphLayer => ({
  ...{ name, className, inputs, inputShapes: [], outputShape: [4, 4, 2], weights: {}, config: {} },
  ...more,
})
const weights = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })
const LAYERS = [
  layer('pixels', 'InputLayer', []),
  layer('normalization', 'BatchNormalization', ['pixels']),
  layer('conv', 'Conv2D', ['normalization'], {
    config: { activation: 'linear' },
    weights: { kernel: { shape: [1, 1, 1, 2], values: Float32Array.of(3, 5) } },
  }),
  layer('bn', 'BatchNormalization', ['conv'], {
    config: { epsilon: 0 },
    weights: {
      ...{ gamma: weights(2, 1), beta: weights(10, 20) },
      ...{ moving_mean: weights(1, 2), moving_variance: weights(4, 1) },
    },
  }),
  layer('relu', 'Activation', ['bn']),
  layer('pool', 'MaxPooling2D', ['relu']),
  layer('features', 'GlobalAveragePooling2D', ['pool'], { outputShape: [2] }),
  layer('logits', 'Dense', ['features'], { outputShape: [3] }),
]

it('makes one layer of a convolution and its normalisation, and none of the input’s', () => {
  const folded = foldNormalizations(LAYERS, new Set(['features', 'logits']))
  expect(folded.map(({ name }) => name)).toEqual([
    'pixels',
    'normalization',
    'bn',
    'relu',
    'pool',
    'features',
    'logits',
  ])
  const { className, inputs, weights: own } = folded[2]!
  expect([className, inputs]).toEqual(['Conv2D', ['normalization']])
  expect([...own.kernel!.values, ...own.bias!.values]).toEqual([3, 5, 9, 18])
  // Whoever wants the convolution's own output gets it.
  expect(foldNormalizations(LAYERS, new Set(['conv']))).toHaveLength(LAYERS.length)
})

it('rounds feature maps behind their activation, and what a dense layer reads, but no logits', () => {
  const folded = foldNormalizations(LAYERS, new Set(['features', 'logits']))
  expect([...quantizedValues(folded, new Set(['features', 'logits']))]).toEqual([
    ['normalization', 'normalization'],
    ['relu', 'relu'],
    ['pool', 'relu'],
    ['features', 'features'],
  ])
})

it('searches for all where they are few, and else for every n-th identity with its own gallery and distractors', () => {
  const query = Int32Array.of(7, 7, 8, 9, 10)
  const gallery = Int32Array.of(0, 0, 7, 8, 9, 10, -1)
  expect(searchSample(query, gallery, 12)).toEqual({
    query: [0, 1, 2, 3, 4],
    gallery: [0, 1, 2, 3, 4, 5, 6],
  })
  expect(searchSample(query, gallery, 6)).toEqual({ query: [0, 1, 3], gallery: [0, 2, 4, 6] })
})

it('tells how alike features are before and after, on average and at least', () => {
  const similarity = new FeatureSimilarity()
  similarity.add([1, 0], [2, 0])
  similarity.add([1, 0], [1, 1])
  const { mean, least } = similarity.result()
  expect(least).toBeCloseTo(Math.SQRT1_2)
  expect(mean).toBeCloseTo((1 + Math.SQRT1_2) / 2)
})
