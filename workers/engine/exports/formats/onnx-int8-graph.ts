import type { Quantization } from '../int8/integers.ts'
import { quantizeKernel } from '../int8/integers.ts'
import type { GraphLayer, LayerWeights } from '../layer-graph.ts'
import { INT8, INT32, UINT8 } from './onnx-file.ts'
import { attribute, OnnxGraph } from './onnx-graph.ts'

/**
 * A graph whose kernels are 8-bit integers and whose values are rounded to 8 bits, in ONNX's QDQ form: each is followed by
 * QuantizeLinear and DequantizeLinear, which a runtime makes operations on integers of.
 */
export class QuantizedOnnxGraph extends OnnxGraph {
  private readonly quantizations: ReadonlyMap<string, Quantization>
  private readonly scaleOfReading = new Map<string, number>()

  /** @param quantizations  of the outputs of layers */
  constructor(quantizations: ReadonlyMap<string, Quantization>) {
    super()
    this.quantizations = quantizations
  }

  override readingOf(layer: string): string {
    return this.quantizations.has(layer) ? `${layer}/rounded` : layer
  }

  override finish({ name }: GraphLayer): void {
    const quantization = this.quantizations.get(name)
    if (!quantization) return
    const { scale, zeroPoint } = quantization
    const by = [
      this.addWeight(`${name}/value_scale`, { shape: [], values: Float32Array.of(scale) }),
      this.addTensor(`${name}/value_zero_point`, UINT8, [], Uint8Array.of(zeroPoint)),
    ]
    this.add('QuantizeLinear', [name, ...by], [], `${name}/integers`)
    this.add('DequantizeLinear', [`${name}/integers`, ...by], [], this.readingOf(name))
    this.scaleOfReading.set(this.readingOf(name), scale)
  }

  override addParameters(layer: GraphLayer, kernel: LayerWeights, axis: 'FIRST' | 'LAST'): string[] {
    const inputScale = this.scaleOfReading.get(layer.inputs[0] as string)
    if (inputScale === undefined) return super.addParameters(layer, kernel, axis)
    const { name, weights } = layer
    const { values, scales, bias } = quantizeKernel(kernel, axis, inputScale, weights.bias?.values)
    const along = axis === 'FIRST' ? 0 : kernel.shape.length - 1
    const kernelScale = this.addWeight(`${name}/kernel_scale`, { shape: [scales.length], values: scales })
    const names = [
      this.addDequantized(`${name}/kernel`, along, [
        this.addTensor(`${name}/kernel_integers`, INT8, kernel.shape, values),
        kernelScale,
        this.addTensor(`${name}/kernel_zero_point`, INT8, [scales.length], new Int8Array(scales.length)),
      ]),
    ]
    if (!bias) return names
    const unit = { shape: [scales.length], values: scales.map((scale) => scale * inputScale) }
    const integers = this.addTensor(`${name}/bias_integers`, INT32, [bias.length], bias)
    return [
      ...names,
      this.addDequantized(`${name}/bias`, 0, [integers, this.addWeight(`${name}/bias_scale`, unit)]),
    ]
  }

  private addDequantized(name: string, axis: number, inputs: string[]): string {
    this.add('DequantizeLinear', inputs, [attribute.integer('axis', axis)], name)
    return name
  }
}
