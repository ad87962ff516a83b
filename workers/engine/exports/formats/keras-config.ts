/** What `config.json` of a `.keras` file says of a model's layers. */
import type { LayersModel } from '../../tensorflow.ts'
import {
  activationOf,
  capOf,
  type GraphLayer,
  type LayerWeights,
  normalizationOf,
  outputsOf,
  windowOf,
} from '../layer-graph.ts'

const DTYPE = 'float32'

type Config = Record<string, unknown>

export function kerasConfig(model: LayersModel, layers: GraphLayer[]): Config {
  const shapes = new Map(layers.map(({ name, outputShape }) => [name, outputShape]))
  const end = (name: string) => [kerasName(name), 0, 0]
  const inputs = layers.filter(({ className }) => className === 'InputLayer')
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: model.name,
      trainable: true,
      layers: layers.map((layer) => layerConfig(layer, shapes)),
      input_layers: inputs.map(({ name }) => end(name)),
      output_layers: outputsOf(model).map(end),
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
  }
}

/** A name with a slash is refused there. */
export function kerasName(name: string): string {
  return name.replaceAll('/', '.')
}

function layerConfig(layer: GraphLayer, shapes: Map<string, number[]>): Config {
  const { className, inputs, inputShapes } = layer
  const own = OWN_CONFIGS[className]
  if (!own) throw new Error(`a Keras model of the layer ${className} cannot be written yet`)
  const name = kerasName(layer.name)
  const tensors = inputs.map((input) => ({
    class_name: '__keras_tensor__',
    config: {
      shape: [null, ...(shapes.get(input) ?? [])],
      dtype: DTYPE,
      keras_history: [kerasName(input), 0, 0],
    },
  }))
  const shape = inputShapes.map((sizes) => [null, ...sizes])
  return {
    module: 'keras.layers',
    class_name: className,
    config: { name, dtype: DTYPE, ...own(layer) },
    registered_name: null,
    ...(tensors.length > 0 && { build_config: { input_shape: MERGING.has(className) ? shape : shape[0] } }),
    name,
    inbound_nodes:
      tensors.length > 0 ? [{ args: MERGING.has(className) ? [tensors] : tensors, kwargs: {} }] : [],
  }
}

/** Layers that take a list. */
const MERGING = new Set(['Add', 'Average', 'Concatenate'])

const OWN_CONFIGS: Record<string, (layer: GraphLayer) => Config> = {
  InputLayer: ({ outputShape }) => ({ batch_shape: [null, ...outputShape], sparse: false }),
  Conv2D: (layer) => ({ filters: layer.outputShape.at(-1), ...convolution(layer) }),
  DepthwiseConv2D: (layer) => ({
    depth_multiplier: (layer.weights.depthwise_kernel as LayerWeights).shape.at(-1),
    ...convolution(layer),
  }),
  BatchNormalization: (layer) => ({
    axis: -1,
    epsilon: normalizationOf(layer).epsilon,
    center: layer.weights.beta !== undefined,
    scale: layer.weights.gamma !== undefined,
  }),
  Activation: (layer) => ({ activation: activationOf(layer) }),
  ReLU: ({ config }) => ({ max_value: capOf(config), negative_slope: 0, threshold: 0 }),
  ZeroPadding2D: ({ config }) => ({ padding: config.padding, data_format: 'channels_last' }),
  Add: () => ({}),
  Average: () => ({}),
  Concatenate: () => ({ axis: -1 }),
  MaxPooling2D: (layer) => {
    const { size, strides, padding } = windowOf(layer)
    return { pool_size: size, strides, padding: padding.toLowerCase(), data_format: 'channels_last' }
  },
  GlobalAveragePooling2D: () => ({ data_format: 'channels_last', keepdims: false }),
  Dense: (layer) => ({
    units: layer.outputShape.at(-1),
    activation: activationOf(layer),
    use_bias: layer.weights.bias !== undefined,
  }),
}

function convolution(layer: GraphLayer): Config {
  const { size, strides, padding } = windowOf(layer)
  return {
    kernel_size: size,
    strides,
    padding: padding.toLowerCase(),
    data_format: 'channels_last',
    activation: activationOf(layer),
    use_bias: layer.weights.bias !== undefined,
  }
}
