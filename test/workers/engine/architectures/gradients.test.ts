import { describe, expect, it } from 'vitest'
import {
  type BatchStatistics,
  batchNormalization,
} from '../../../../workers/engine/architectures/layers/batch-normalization.ts'
import {
  convolution,
  depthwiseConvolution,
} from '../../../../workers/engine/architectures/layers/convolution.ts'
import { globalAveragePooling } from '../../../../workers/engine/architectures/layers/global-average-pooling.ts'
import { maxPooling } from '../../../../workers/engine/architectures/layers/max-pooling.ts'
import { reluLayer } from '../../../../workers/engine/architectures/layers/relu.ts'
import { relu6Layer } from '../../../../workers/engine/architectures/layers/relu6.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import {
  type LayersModel,
  type SymbolicTensor,
  type Tensor,
  tf,
} from '../../../../workers/engine/tensorflow.ts'

type Compute = (...inputs: Tensor[]) => Tensor

function drawNormal(shape: number[], ...key: (string | number)[]): Tensor {
  const { normal } = createGenerator('gradients', ...key)
  return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, normal), shape)
}

/** Numbers at least 0.1 apart in a random order, so that a window keeps its largest one when one moves a little. */
function drawDistinct(shape: number[]): Tensor {
  const length = tf.util.sizeFromShape(shape)
  const random = createGenerator('distinct')
  const values = Array.from({ length }, (_, i) => ({ value: i / 10, key: random.uniform() }))
  values.sort((a, b) => a.key - b.key)
  return tf.tensor(
    values.map(({ value }) => value),
    shape,
  )
}

/** The gradients that reach the inputs when `upstream` reaches the output. */
function gradientsOf(compute: Compute, inputs: Tensor[], upstream: Tensor): number[][] {
  return tf
    .grads(compute as never)(inputs, upstream)
    .map((gradient) => [...gradient.dataSync()])
}

/** The same by central differences: exact but for rounding where the output is linear in each single number. */
function numericGradients(compute: Compute, inputs: Tensor[], upstream: Tensor, step: number): number[][] {
  const values = inputs.map((input) => input.dataSync())
  const lossAt = () =>
    tf.tidy(() => {
      const output = compute(...inputs.map(({ shape }, i) => tf.tensor(values[i]!, shape)))
      return tf.sum(tf.mul(output, upstream)).dataSync()[0]!
    })
  return values.map((own) =>
    Array.from(own, (value, i) => {
      const losses = [value + step, value - step].map((moved) => {
        own[i] = moved
        return lossAt()
      })
      own[i] = value
      return (losses[0]! - losses[1]!) / (2 * step)
    }),
  )
}

function largestDifference(actual: number[][], expected: number[][]): number {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  return Math.max(
    ...actual.flatMap((values, k) => values.map((value, i) => Math.abs(value - expected[k]![i]!))),
  )
}

/** A model of one layer on images of `shape`. */
function modelOf(shape: number[], build: (input: SymbolicTensor) => SymbolicTensor): LayersModel {
  const input = tf.input({ shape: shape.slice(1) })
  return tf.model({ inputs: input, outputs: build(input) })
}

/** What a layer computes of its input and of a kernel in place of its own. */
function withKernel(model: LayersModel, weight: string): Compute {
  return (input, kernel) => {
    const layer = Object.create(model.layers[1]!, { [weight]: { value: { read: () => kernel } } })
    return layer.call(input, {}) as Tensor
  }
}

describe('the gradient', () => {
  it('of ReLU is TF.js’s own', () => {
    const layer = reluLayer('relu')
    const input = drawNormal([2, 3, 5, 4], 'relu')
    const upstream = drawNormal([2, 3, 5, 4], 'upstream')
    expect(gradientsOf((x) => layer.call(x!), [input], upstream)).toEqual(
      gradientsOf((x) => tf.relu(x!), [input], upstream),
    )
  })

  it('of ReLU6 is that of clipping to 0..6', () => {
    const layer = relu6Layer('relu6')
    const input = tf.mul(drawNormal([2, 3, 5, 4], 'relu6'), 5)
    const upstream = drawNormal([2, 3, 5, 4], 'upstream')
    const own = gradientsOf((x) => layer.call(x!), [input], upstream)
    const reference = gradientsOf((x) => tf.clipByValue(x!, 0, 6), [input], upstream)
    expect(largestDifference(own, reference)).toBe(0)
  })

  it('of global average pooling is that of the mean', () => {
    const layer = globalAveragePooling('features')
    const input = drawNormal([2, 3, 5, 4], 'pooling')
    const upstream = drawNormal([2, 4], 'upstream')
    const own = gradientsOf((x) => layer.call(x!), [input], upstream)
    const reference = gradientsOf((x) => tf.mean(x!, [1, 2]), [input], upstream)
    expect(largestDifference(own, reference)).toBeLessThan(1e-7)
  })

  it('of batch normalisation is that of its formula, for the input, the scale and the offset', () => {
    const shape = [3, 4, 2, 5]
    const layer = batchNormalization('bn')
    layer.build([null, ...shape.slice(1)] as never)
    const normalizeByLayer: Compute = (x, gamma, beta) => {
      const statistics: BatchStatistics[] = []
      const own = Object.create(layer, {
        gamma: { value: { read: () => gamma } },
        beta: { value: { read: () => beta } },
      })
      return own.call(x, { training: true, statistics }) as Tensor
    }
    const normalizeByFormula: Compute = (x, gamma, beta) => {
      const { mean, variance } = tf.moments(x!, [0, 1, 2])
      const normalized = tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-5)))
      return tf.add(tf.mul(normalized, gamma!), beta!)
    }
    const inputs = [drawNormal(shape, 'x'), drawNormal([5], 'gamma'), drawNormal([5], 'beta')]
    const upstream = drawNormal(shape, 'upstream')
    const own = gradientsOf(normalizeByLayer, inputs, upstream)
    expect(largestDifference(own, gradientsOf(normalizeByFormula, inputs, upstream))).toBeLessThan(1e-5)
  })

  const kernelLayers = {
    'a convolution': [convolution, 'kernel', [3, 3, 2, 3], 3],
    'a depthwise convolution': [depthwiseConvolution, 'depthwiseKernel', [3, 3, 2, 1], 2],
  } as const
  for (const [name, [convolve, weight, kernelShape, channels]] of Object.entries(kernelLayers)) {
    it.each([1, 2])(`of ${name} of stride %i is the numeric one, for the input and the kernel`, (stride) => {
      const shape = [2, 5, 4, 2]
      const model = modelOf(shape, (input) => convolve(input, 'layer', { channels, size: 3, stride }))
      const compute = withKernel(model, weight)
      const inputs = [drawNormal(shape, 'x'), drawNormal([...kernelShape], 'kernel')]
      const upstream = drawNormal([2, Math.ceil(5 / stride), Math.ceil(4 / stride), channels], 'upstream')
      const own = gradientsOf(compute, inputs, upstream)
      expect(largestDifference(own, numericGradients(compute, inputs, upstream, 0.5))).toBeLessThan(1e-4)
    })
  }

  it.each([
    { size: 2, stride: 2 },
    { size: 3, stride: 2 },
    { size: 3, stride: 1 },
  ])(
    'of max pooling with $size x $size windows and stride $stride is the numeric one',
    ({ size, stride }) => {
      const shape = [2, 5, 4, 2]
      const model = modelOf(shape, (input) => maxPooling(input, 'pool', { size, stride }))
      const compute: Compute = (x) => model.layers[1]!.call(x!, {}) as Tensor
      const inputs = [drawDistinct(shape)]
      const upstream = drawNormal([2, Math.ceil(5 / stride), Math.ceil(4 / stride), 2], 'upstream')
      const own = gradientsOf(compute, inputs, upstream)
      expect(largestDifference(own, numericGradients(compute, inputs, upstream, 0.04))).toBeLessThan(1e-3)
    },
  )
})
