import { tf } from '../tensorflow.ts'
import { buildNetwork } from './index.ts'

/** A layer that multiplies: its weights apply once at every position of its output. */
export interface MeasuredLayer {
  /** Multiply-adds at one position. */
  weights: number
  height: number
  width: number
}

export interface MeasuredNetwork {
  /** Trainable. */
  parameters: number
  features: number
  /** Convolutions from the input on, then the classifier. */
  layers: MeasuredLayer[]
}

/** Builds a network and counts what its layers hold and do. */
export function measureNetwork(architecture: string, shape: number[], classes: number): MeasuredNetwork {
  const input = tf.input({ shape })
  const { logits, features } = buildNetwork(input, { architecture, classes, prefix: '' })
  const model = tf.model({ inputs: input, outputs: logits })
  const layers = model.layers.flatMap((layer): MeasuredLayer[] => {
    const [kernel] = layer.trainableWeights.filter(({ name }) => name.includes('kernel'))
    if (!kernel) return []
    const [, height, width] = layer.outputShape as (number | null)[]
    const isConvolution = (layer.outputShape as unknown[]).length === 4
    const [high, wide] = isConvolution ? [height ?? 1, width ?? 1] : [1, 1]
    return [{ weights: productOf(kernel.shape), height: high, width: wide }]
  })
  const parameters = model.trainableWeights.reduce((sum, { shape }) => sum + productOf(shape), 0)
  model.dispose()
  return { parameters, features: features.shape[1] as number, layers }
}

function productOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => product * (size ?? 1), 1)
}
