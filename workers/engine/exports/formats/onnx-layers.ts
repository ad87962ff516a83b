import {
  activationOf,
  capOf,
  type GraphLayer,
  type LayerWeights,
  normalizationOf,
  windowOf,
} from '../layer-graph.ts'
import { ATTRIBUTE, FLOAT, INT64, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './onnx-file.ts'

/** Between the input and the pooled features, feature maps are [batch, channels, height, width]. */
const CHANNELS_FIRST = [0, 3, 1, 2]

const attribute = {
  float: (name: string, f: number): OnnxAttribute => ({ name, type: ATTRIBUTE.float, f }),
  integer: (name: string, i: number): OnnxAttribute => ({ name, type: ATTRIBUTE.integer, i }),
  integers: (name: string, ints: number[]): OnnxAttribute => ({ name, type: ATTRIBUTE.integers, ints }),
}

/** The ONNX nodes and weights that layers amount to. Each layer's output bears the layer's name. */
export function convertLayers(layers: GraphLayer[]): { nodes: OnnxNode[]; weights: OnnxTensor[] } {
  const graph = new OnnxGraph()
  for (const layer of layers) {
    const convert = CONVERTERS[layer.className]
    if (!convert) throw new Error(`ONNX of the layer ${layer.className} cannot be written yet`)
    // The graph's own input keeps its name; what reads it gets the turned one.
    const inputs = layer.inputs.map((name) => (name === 'pixels' ? turned('pixels') : name))
    convert(graph, { ...layer, inputs })
  }
  return graph
}

class OnnxGraph {
  readonly nodes: OnnxNode[] = []
  readonly weights: OnnxTensor[] = []

  add(opType: string, input: string[], attributes: OnnxAttribute[], output: string): void {
    this.nodes.push({ opType, name: output, input, output: [output], attribute: attributes })
  }

  addWeight(name: string, { shape, values }: LayerWeights): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    this.weights.push({ name, dims: shape, dataType: FLOAT, rawData })
    return name
  }

  addIntegers(name: string, values: number[]): string {
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    this.weights.push({ name, dims: [values.length], dataType: INT64, rawData })
    return name
  }
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
  Add: (graph, { inputs, name }) => graph.add('Sum', inputs, [], name),
  Average: (graph, { inputs, name }) => graph.add('Mean', inputs, [], name),
  Concatenate: (graph, { inputs, name }) => graph.add('Concat', inputs, [attribute.integer('axis', 1)], name),
  MaxPooling2D: (graph, layer) => graph.add('MaxPool', layer.inputs, windowAttributes(layer), layer.name),
  GlobalAveragePooling2D: (graph, { inputs, name }) => {
    graph.add('GlobalAveragePool', inputs, [], `${name}/pooled`)
    graph.add('Flatten', [`${name}/pooled`], [attribute.integer('axis', 1)], name)
  },
  Dense: (graph, layer) => {
    const weights = addKernelAndBias(graph, layer, layer.weights.kernel as LayerWeights)
    graph.add('Gemm', [...layer.inputs, ...weights], [], `${layer.name}/product`)
    activate(graph, layer, `${layer.name}/product`)
  },
}

function turned(name: string): string {
  return `${name}/channels_first`
}

function convolve(graph: OnnxGraph, layer: GraphLayer, kernel: LayerWeights, group: number): void {
  const weights = addKernelAndBias(graph, layer, kernel)
  const attributes = [...windowAttributes(layer), attribute.integer('group', group)]
  graph.add('Conv', [...layer.inputs, ...weights], attributes, `${layer.name}/convolution`)
  activate(graph, layer, `${layer.name}/convolution`)
}

function normalize(graph: OnnxGraph, layer: GraphLayer): void {
  const { epsilon, ...statistics } = normalizationOf(layer)
  const weights = (['scale', 'offset', 'mean', 'variance'] as const).map((name) =>
    graph.addWeight(`${layer.name}/${name}`, statistics[name]),
  )
  const attributes = [attribute.float('epsilon', epsilon)]
  graph.add('BatchNormalization', [...layer.inputs, ...weights], attributes, layer.name)
}

function addKernelAndBias(graph: OnnxGraph, { name, weights }: GraphLayer, kernel: LayerWeights): string[] {
  const names = [graph.addWeight(`${name}/kernel`, kernel)]
  if (weights.bias) names.push(graph.addWeight(`${name}/bias`, weights.bias))
  return names
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
