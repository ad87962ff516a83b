/** A TF.js layers model as the plain list of what its layers compute, for writers of other formats. */
import type { LayersModel, Tensor } from '../tensorflow.ts'

export interface LayerWeights {
  shape: number[]
  values: Float32Array
}

export interface GraphLayer {
  /** Unique in its model; the name of its output too. */
  name: string
  /** Of the standard layer, such as `Conv2D`. */
  className: string
  config: Record<string, unknown>
  /** The layers that it reads, in order. */
  inputs: string[]
  /** Of every input, without the batch: [height, width, channels] or [features]. */
  inputShapes: number[][]
  outputShape: number[]
  /** By the last part of the name, such as `kernel`. */
  weights: Record<string, LayerWeights>
}

/** A model's layers, each after those that it reads; the first is its only input. */
export function layersOf(model: LayersModel): GraphLayer[] {
  return model.layers.map((layer) => {
    const [node, ...others] = layer.inboundNodes
    const [output] = node?.outputTensors ?? []
    if (!node || !output || others.length > 0)
      throw new Error(`the layer ${layer.name} is not used exactly once`)
    const isInput = layer.getClassName() === 'InputLayer'
    const inputs = isInput ? [] : node.inputTensors
    return {
      name: layer.name,
      className: layer.getClassName(),
      config: layer.getConfig(),
      inputs: inputs.map(({ sourceLayer }) => sourceLayer.name),
      inputShapes: inputs.map(({ shape }) => shape.slice(1) as number[]),
      outputShape: output.shape.slice(1) as number[],
      weights: Object.fromEntries(layer.weights.map((weight) => weightOf(weight))),
    }
  })
}

/** The names of a model's outputs, in order. */
export function outputsOf(model: LayersModel): string[] {
  return model.outputs.map(({ sourceLayer }) => sourceLayer.name)
}

function weightOf(weight: { originalName: string; read(): Tensor }): [string, LayerWeights] {
  const value = weight.read()
  const name = weight.originalName.split('/').at(-1) as string
  return [name, { shape: value.shape, values: value.dataSync() as Float32Array }]
}

/** The weights of a batch normalisation; a missing scale is 1, a missing offset 0. */
export function normalizationOf({ config, weights, outputShape }: GraphLayer) {
  const channels = outputShape.at(-1) as number
  const constant = (value: number) => ({ shape: [channels], values: new Float32Array(channels).fill(value) })
  return {
    epsilon: config.epsilon as number,
    scale: weights.gamma ?? constant(1),
    offset: weights.beta ?? constant(0),
    mean: weights.moving_mean as LayerWeights,
    variance: weights.moving_variance as LayerWeights,
  }
}

/** Kernel or window, strides and padding of a convolution or pooling over [height, width, channels]. */
export function windowOf({ config }: GraphLayer) {
  const [dilation] = [(config.dilationRate as number[] | undefined) ?? [1]].flat()
  if (config.dataFormat !== 'channelsLast' || dilation !== 1)
    throw new Error('only undilated convolutions over [height, width, channels] can be exported')
  return {
    size: (config.kernelSize ?? config.poolSize) as [number, number],
    strides: config.strides as [number, number],
    padding: (config.padding as string).toUpperCase() as 'SAME' | 'VALID',
  }
}

/** The activation of an Activation layer, or the one that is part of another layer. */
export function activationOf({ config }: GraphLayer): 'linear' | 'relu' | 'softmax' {
  const activation = config.activation as string
  if (activation !== 'linear' && activation !== 'relu' && activation !== 'softmax')
    throw new Error(`the activation ${activation} cannot be exported`)
  return activation
}

/** Where a ReLU layer ends; below 0 it gives 0. */
export function capOf(config: GraphLayer['config']): number {
  if (typeof config.maxValue !== 'number' || config.negativeSlope || config.threshold)
    throw new Error('only a ReLU from 0 to a largest value can be exported')
  return config.maxValue
}
