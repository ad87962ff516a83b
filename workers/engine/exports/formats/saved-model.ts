/** TensorFlow's SavedModel: one frozen graph, its weights inside as constants, with the signature `serving_default`. */
import { type Attributes, GraphWriter, graphAttribute } from '../../capture/graph-def.ts'
import { DATA_TYPE } from '../../tensorflow.ts'
import {
  activationOf,
  capOf,
  type GraphLayer,
  type LayerWeights,
  layersOf,
  normalizationOf,
  outputsOf,
  windowOf,
} from '../layer-graph.ts'
import { type ExportFormat, metadataFile } from './format.ts'

const FLOAT: Attributes[number] = ['T', graphAttribute.type(DATA_TYPE.float32)]
const AXIS_TYPE: Attributes[number] = ['Tidx', graphAttribute.type(DATA_TYPE.int32)]
/** Any number of images. */
const BATCH = -1

export const savedModel: ExportFormat = {
  suffix: 'saved-model',
  library: 'tensorflow',
  notes: () =>
    'A TensorFlow SavedModel with the tag `serve` and the signature `serving_default`, in Python `tf.saved_model.load(folder).signatures["serving_default"](pixels=pixels)`. `metadata.json` holds what this card tells.',
  async write(model, metadata) {
    const graph = new GraphWriter()
    const layers = layersOf(model)
    const nodes = new Map<string, string>()
    for (const layer of layers) {
      const convert = CONVERTERS[layer.className]
      if (!convert) throw new Error(`a SavedModel of the layer ${layer.className} cannot be written yet`)
      const inputs = layer.inputs.map((name) => nodes.get(name) as string)
      nodes.set(layer.name, convert(graph, layer, inputs))
    }
    const tensor = (name: string) => {
      const { outputShape } = layers.find((layer) => layer.name === name) as GraphLayer
      const reference = `${nodes.get(name)}:0`
      return { [name]: { reference, dataType: DATA_TYPE.float32, shape: [BATCH, ...outputShape] } }
    }
    const content = graph.serialize({
      inputs: tensor('pixels'),
      outputs: Object.assign({}, ...outputsOf(model).map(tensor)),
    })
    return { files: [{ name: 'saved_model.pb', content: Buffer.from(content) }, metadataFile(metadata)] }
  },
  example: {
    packages: ['@tensorflow/tfjs-node', 'sharp'],
    imports: ["import { fileURLToPath } from 'node:url'", "import util from 'node:util'"],
    load: () => `// tfjs-node still calls these: Node 24 has dropped the first, and newer ones than 20 print a warning for each.
util.isNullOrUndefined = (value) => value === null || value === undefined
util.isArray = Array.isArray
const { default: tf } = await import('@tensorflow/tfjs-node')
const { classes, outputs } = JSON.parse(read('metadata.json'))
const model = await tf.node.loadSavedModel(fileURLToPath(new URL('.', import.meta.url)))
const run = async (pixels) => {
  const results = model.predict({ pixels: tf.tensor4d(pixels, shape) })
  return outputs.map((output) => results[output].dataSync())
}`,
  },
}

/** Adds a layer's operations and returns the node that has its output. */
type Converter = (graph: GraphWriter, layer: GraphLayer, inputs: string[]) => string

const CONVERTERS: Record<string, Converter> = {
  InputLayer: (graph, { name, outputShape }) =>
    graph.addPlaceholder(name, DATA_TYPE.float32, [BATCH, ...outputShape]),
  Conv2D: (graph, layer, inputs) => convolve(graph, 'Conv2D', layer, inputs, layer.weights.kernel),
  DepthwiseConv2D: (graph, layer, inputs) =>
    convolve(graph, 'DepthwiseConv2dNative', layer, inputs, layer.weights.depthwise_kernel),
  BatchNormalization: normalize,
  Activation: activate,
  ReLU: (graph, { name, config }, inputs) => {
    const [least, most] = [0, capOf(config)].map((bound) =>
      constant(graph, { shape: [], values: Float32Array.of(bound) }),
    )
    return graph.add('ClipByValue', [...inputs, least as string, most as string], [FLOAT], { name })
  },
  ZeroPadding2D: (graph, { name, config }, inputs) => {
    const sides = [[0, 0], ...(config.padding as number[][]), [0, 0]]
    const paddings = axes(graph, [4, 2], ...sides.flat())
    const paddingsType: Attributes[number] = ['Tpaddings', graphAttribute.type(DATA_TYPE.int32)]
    return graph.add('Pad', [...inputs, paddings], [FLOAT, paddingsType], { name })
  },
  Add: (graph, { name }, inputs) => graph.add('AddN', inputs, [FLOAT, countOf(inputs)], { name }),
  Average: (graph, { name }, inputs) => {
    const sum = graph.add('AddN', inputs, [FLOAT, countOf(inputs)], { name: `${name}/sum` })
    const count = constant(graph, { shape: [], values: Float32Array.of(inputs.length) })
    return graph.add('RealDiv', [sum, count], [FLOAT], { name })
  },
  Concatenate: (graph, { name }, inputs) =>
    graph.add('ConcatV2', [...inputs, axes(graph, [], -1)], [FLOAT, AXIS_TYPE, countOf(inputs)], { name }),
  MaxPooling2D: (graph, layer, inputs) => {
    const { size } = windowOf(layer)
    const window: Attributes[number] = ['ksize', graphAttribute.integers([1, ...size, 1])]
    return graph.add('MaxPool', inputs, [FLOAT, window, ...slidingOf(layer)], { name: layer.name })
  },
  GlobalAveragePooling2D: (graph, { name }, inputs) => {
    const dropping: Attributes[number] = ['keep_dims', graphAttribute.truth(false)]
    return graph.add('Mean', [...inputs, axes(graph, [2], 1, 2)], [FLOAT, AXIS_TYPE, dropping], { name })
  },
  Dense: (graph, layer, inputs) => {
    const kernel = constant(graph, layer.weights.kernel as LayerWeights)
    const product = graph.add('MatMul', [...inputs, kernel], [FLOAT], { name: `${layer.name}/product` })
    return activate(graph, layer, [withBias(graph, layer, product)])
  },
}

function convolve(
  graph: GraphWriter,
  operation: string,
  layer: GraphLayer,
  inputs: string[],
  weights: LayerWeights | undefined,
): string {
  const kernel = constant(graph, weights as LayerWeights)
  const convolved = graph.add(operation, [...inputs, kernel], [FLOAT, ...slidingOf(layer)], {
    name: `${layer.name}/convolution`,
  })
  return activate(graph, layer, [withBias(graph, layer, convolved)])
}

function slidingOf(layer: GraphLayer): Attributes {
  const { strides, padding } = windowOf(layer)
  return [
    ['strides', graphAttribute.integers([1, ...strides, 1])],
    ['padding', graphAttribute.text(padding)],
  ]
}

function countOf(inputs: string[]): Attributes[number] {
  return ['N', graphAttribute.integer(inputs.length)]
}

function normalize(graph: GraphWriter, layer: GraphLayer, inputs: string[]): string {
  const { epsilon, scale, offset, mean, variance } = normalizationOf(layer)
  const statistics = [scale, offset, mean, variance].map((weights) => constant(graph, weights))
  const attributes: Attributes = [
    FLOAT,
    ['U', graphAttribute.type(DATA_TYPE.float32)],
    ['epsilon', graphAttribute.number(epsilon)],
    ['is_training', graphAttribute.truth(false)],
  ]
  return graph.add('FusedBatchNormV3', [...inputs, ...statistics], attributes, { name: layer.name })
}

function withBias(graph: GraphWriter, { name, weights: { bias } }: GraphLayer, input: string): string {
  if (!bias) return input
  return graph.add('BiasAdd', [input, constant(graph, bias)], [FLOAT], { name: `${name}/biased` })
}

function activate(graph: GraphWriter, layer: GraphLayer, inputs: string[]): string {
  const operations = { linear: 'Identity', relu: 'Relu', softmax: 'Softmax' }
  return graph.add(operations[activationOf(layer)], inputs, [FLOAT], { name: layer.name })
}

function constant(graph: GraphWriter, { shape, values }: LayerWeights): string {
  return graph.addConstant(DATA_TYPE.float32, shape, bytesOf(values))
}

function axes(graph: GraphWriter, shape: number[], ...values: number[]): string {
  return graph.addConstant(DATA_TYPE.int32, shape, bytesOf(Int32Array.from(values)))
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
