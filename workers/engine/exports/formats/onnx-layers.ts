import {
  activationOf,
  capOf,
  type GraphLayer,
  type LayerWeights,
  normalizationOf,
  windowOf,
} from '../layer-graph.ts'
import type { OnnxAttribute } from './onnx-file.ts'
import { attribute, type OnnxGraph } from './onnx-graph.ts'

/** Between the input and the pooled features, feature maps are [batch, channels, height, width]. */
const CHANNELS_FIRST = [0, 3, 1, 2]

/** Adds the nodes and weights that layers amount to to a graph. Each layer's output bears the layer's name. */
export function convertLayers<Graph extends OnnxGraph>(layers: readonly GraphLayer[], graph: Graph): Graph {
  for (const layer of layers) {
    const convert = CONVERTERS[layer.className]
    if (!convert) throw new Error(`ONNX of the layer ${layer.className} cannot be written yet`)
    // The graph's own input keeps its name; what reads it gets the turned one.
    const inputs = layer.inputs.map((name) => (name === 'pixels' ? turned('pixels') : graph.readingOf(name)))
    convert(graph, { ...layer, inputs })
    graph.finish(layer)
  }
  return graph
}

const CONVERTERS: Record<string, (graph: OnnxGraph, layer: GraphLayer) => void> = {
  InputLayer: (graph, { name }) =>
    graph.add('Transpose', [name], [attribute.integers('perm', CHANNELS_FIRST)], turned(name)),
  Conv2D: (graph, layer) => convolve(graph, layer, kernelOf(layer.weights.kernel as LayerWeights), 1),
  DepthwiseConv2D: (graph, layer) => {
    const kernel = layer.weights.depthwise_kernel as LayerWeights
    convolve(graph, layer, depthwiseKernelOf(kernel), kernel.shape[2] as number)
  },
  BatchNormalization: normalize,
  Activation: (graph, layer) => activate(graph, layer, layer.inputs[0] as string),
  ReLU: (graph, { inputs, config, name }) => {
    const bounds = [0, capOf(config)].map((bound, i) =>
      graph.addWeight(`${name}/${['least', 'most'][i]}`, { shape: [], values: Float32Array.of(bound) }),
    )
    graph.add('Clip', [...inputs, ...bounds], [], name)
  },
  ZeroPadding2D: (graph, { inputs, config, name }) => {
    const [[top, bottom], [left, right]] = config.padding as [[number, number], [number, number]]
    // Batch, channels, height, width: first what comes before, then what comes after.
    const pads = graph.addIntegers(`${name}/pads`, [0, 0, top, left, 0, 0, bottom, right])
    graph.add('Pad', [...inputs, pads], [], name)
  },
  // Of two, as what every runtime has, in 8 bits too.
  Add: (graph, { inputs, name }) => graph.add(inputs.length === 2 ? 'Add' : 'Sum', inputs, [], name),
  Average: (graph, { inputs, name }) => graph.add('Mean', inputs, [], name),
  Concatenate: (graph, { inputs, name }) => graph.add('Concat', inputs, [attribute.integer('axis', 1)], name),
  MaxPooling2D: (graph, layer) => graph.add('MaxPool', layer.inputs, windowAttributes(layer), layer.name),
  GlobalAveragePooling2D: (graph, { inputs, name }) => {
    graph.add('GlobalAveragePool', inputs, [], `${name}/pooled`)
    graph.add('Flatten', [`${name}/pooled`], [attribute.integer('axis', 1)], name)
  },
  Dense: (graph, layer) => {
    const weights = graph.addParameters(layer, layer.weights.kernel as LayerWeights, 'LAST')
    addActivated(graph, layer, 'Gemm', [...layer.inputs, ...weights], [])
  },
}

function turned(name: string): string {
  return `${name}/channels_first`
}

function convolve(graph: OnnxGraph, layer: GraphLayer, kernel: LayerWeights, group: number): void {
  const weights = graph.addParameters(layer, kernel, 'FIRST')
  const attributes = [...windowAttributes(layer), attribute.integer('group', group)]
  addActivated(graph, layer, 'Conv', [...layer.inputs, ...weights], attributes)
}

function normalize(graph: OnnxGraph, layer: GraphLayer): void {
  const { epsilon, ...statistics } = normalizationOf(layer)
  const weights = (['scale', 'offset', 'mean', 'variance'] as const).map((name) =>
    graph.addWeight(`${layer.name}/${name}`, statistics[name]),
  )
  const attributes = [attribute.float('epsilon', epsilon)]
  graph.add('BatchNormalization', [...layer.inputs, ...weights], attributes, layer.name)
}

/** An operation and, where the layer has one, its activation. */
function addActivated(
  graph: OnnxGraph,
  layer: GraphLayer,
  operation: string,
  inputs: string[],
  attributes: OnnxAttribute[],
): void {
  const isLinear = activationOf(layer) === 'linear'
  const product = isLinear ? layer.name : `${layer.name}/product`
  graph.add(operation, inputs, attributes, product)
  if (!isLinear) activate(graph, layer, product)
}

function activate(graph: OnnxGraph, layer: GraphLayer, input: string): void {
  const activation = activationOf(layer)
  const operation = { linear: 'Identity', relu: 'Relu', softmax: 'Softmax' }[activation]
  const attributes = activation === 'softmax' ? [attribute.integer('axis', -1)] : []
  graph.add(operation, [input], attributes, layer.name)
}

/** From [height, width, in, out] to [out, in, height, width]. */
function kernelOf({ shape, values }: LayerWeights): LayerWeights {
  const [height, width, inputs, outputs] = shape as [number, number, number, number]
  const turned = new Float32Array(values.length)
  let i = 0
  for (let o = 0; o < outputs; o++)
    for (let c = 0; c < inputs; c++)
      for (let place = 0; place < height * width; place++)
        turned[i++] = values[(place * inputs + c) * outputs + o] as number
  return { shape: [outputs, inputs, height, width], values: turned }
}

/** From [height, width, channels, multiplier] to [channels · multiplier, 1, height, width]. */
function depthwiseKernelOf({ shape, values }: LayerWeights): LayerWeights {
  const [height, width, channels, multiplier] = shape as [number, number, number, number]
  const outputs = channels * multiplier
  return kernelOf({ shape: [height, width, 1, outputs], values })
}

/** TensorFlow's padding in numbers: where it is odd, the larger half comes after. */
function windowAttributes(layer: GraphLayer): OnnxAttribute[] {
  const { size, strides, padding } = windowOf(layer)
  const [input] = layer.inputShapes as [number[]]
  const total = [0, 1].map((axis) => {
    if (padding === 'VALID') return 0
    const [length, stride] = [input[axis] as number, strides[axis] as number]
    return Math.max(0, (Math.ceil(length / stride) - 1) * stride + (size[axis] as number) - length)
  })
  const before = total.map((pixels) => Math.floor(pixels / 2))
  const after = total.map((pixels, axis) => pixels - (before[axis] as number))
  return [
    attribute.integers('kernel_shape', [...size]),
    attribute.integers('strides', [...strides]),
    attribute.integers('pads', [...before, ...after]),
  ]
}
