import { type GraphLayer, type LayerWeights, normalizationOf } from '../layer-graph.ts'

const CONVOLUTIONS: Record<string, 'kernel' | 'depthwise_kernel'> = {
  Conv2D: 'kernel',
  DepthwiseConv2D: 'depthwise_kernel',
}

/**
 * Makes one layer of each convolution and the batch normalisation behind it: the same function, whose weights can be
 * rounded together. It bears the name of the normalisation, whose output it has.
 * @param kept  layers whose output is needed in itself
 */
export function foldNormalizations(layers: readonly GraphLayer[], kept: ReadonlySet<string>): GraphLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const readers = countReaders(layers)
  const folded = new Map<string, GraphLayer>()
  const gone = new Set<string>()
  for (const layer of layers) {
    if (layer.className !== 'BatchNormalization') continue
    const convolution = byName.get(layer.inputs[0] as string)
    if (!convolution || !isPlainConvolution(convolution)) continue
    if (kept.has(convolution.name) || readers.get(convolution.name) !== 1) continue
    gone.add(convolution.name)
    folded.set(layer.name, fold(convolution, layer))
  }
  return layers.filter(({ name }) => !gone.has(name)).map((layer) => folded.get(layer.name) ?? layer)
}

/** How many layers read each layer's output. */
export function countReaders(layers: readonly GraphLayer[]): Map<string, number> {
  const readers = new Map<string, number>()
  for (const name of layers.flatMap(({ inputs }) => inputs)) readers.set(name, (readers.get(name) ?? 0) + 1)
  return readers
}

function isPlainConvolution({ className, config }: GraphLayer): boolean {
  return className in CONVOLUTIONS && config.activation === 'linear'
}

function fold(convolution: GraphLayer, normalization: GraphLayer): GraphLayer {
  const { epsilon, scale, offset, mean, variance } = normalizationOf(normalization)
  const factors = scale.values.map((value, c) => value / Math.sqrt(at(variance, c) + epsilon))
  const { bias } = convolution.weights
  const shift = offset.values.map(
    (value, c) => value + ((bias ? at(bias, c) : 0) - at(mean, c)) * (factors[c] as number),
  )
  const part = CONVOLUTIONS[convolution.className] as 'kernel' | 'depthwise_kernel'
  const { shape, values } = convolution.weights[part] as LayerWeights
  // The output channels lie last, of depthwise kernels as [channels, multiplier].
  const kernel = { shape, values: values.map((value, i) => value * (factors[i % factors.length] as number)) }
  return {
    ...convolution,
    name: normalization.name,
    outputShape: normalization.outputShape,
    weights: { [part]: kernel, bias: { shape: [shift.length], values: shift } },
  }
}

function at({ values }: LayerWeights, index: number): number {
  return values[index] as number
}
