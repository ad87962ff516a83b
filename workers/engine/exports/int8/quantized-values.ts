import type { GraphLayer } from '../layer-graph.ts'
import { countReaders } from './fold-normalizations.ts'

/** Their values are those that they read, so they keep the rounding. */
const PASSING = new Set(['MaxPooling2D', 'ZeroPadding2D'])
const ACTIVATIONS = new Set(['Activation', 'ReLU'])

/**
 * The layers whose outputs are rounded to 8 bits, each with the layer whose range its values have: every feature map but
 * those of which an activation is taken at once, and whatever a dense layer reads. Pixels, outputs and posteriors stay.
 * @param layers  with their normalisations folded
 */
export function quantizedValues(
  layers: readonly GraphLayer[],
  outputs: ReadonlySet<string>,
): Map<string, string> {
  const readers = countReaders(layers)
  const readBy = (name: string, className: (name: string) => boolean) =>
    layers.some((layer) => layer.inputs.includes(name) && className(layer.className))
  const quantized = new Map<string, string>()
  for (const { name, className, inputs, outputShape } of layers) {
    const isMap = outputShape.length === 3
    const isActivatedAtOnce =
      !outputs.has(name) && readers.get(name) === 1 && readBy(name, (own) => ACTIVATIONS.has(own))
    if (className === 'InputLayer' || (isMap && isActivatedAtOnce)) continue
    if (!isMap && !readBy(name, (own) => own === 'Dense')) continue
    const source = PASSING.has(className) ? quantized.get(inputs[0] as string) : undefined
    quantized.set(name, source ?? name)
  }
  return quantized
}
