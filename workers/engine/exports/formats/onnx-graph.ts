import type { GraphLayer, LayerWeights } from '../layer-graph.ts'
import { ATTRIBUTE, FLOAT, INT64, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './onnx-file.ts'

export const attribute = {
  float: (name: string, f: number): OnnxAttribute => ({ name, type: ATTRIBUTE.float, f }),
  integer: (name: string, i: number): OnnxAttribute => ({ name, type: ATTRIBUTE.integer, i }),
  integers: (name: string, ints: number[]): OnnxAttribute => ({ name, type: ATTRIBUTE.integers, ints }),
}

type Numbers = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array

/** The nodes and weights of a graph that is being written, in float32. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = []
  readonly weights: OnnxTensor[] = []

  add(opType: string, input: string[], attributes: OnnxAttribute[], output: string): void {
    this.nodes.push({ opType, name: output, input, output: [output], attribute: attributes })
  }

  addWeight(name: string, { shape, values }: LayerWeights): string {
    return this.addTensor(name, FLOAT, shape, values)
  }

  addIntegers(name: string, values: number[]): string {
    return this.addTensor(name, INT64, [values.length], BigInt64Array.from(values, BigInt))
  }

  protected addTensor(name: string, dataType: number, dims: number[], values: Numbers): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    this.weights.push({ name, dims, dataType, rawData })
    return name
  }

  /**
   * Adds the kernel and, if there is one, the bias of a layer whose inputs are as `readingOf` names them.
   * @param axis  of the kernel along which its output channels lie
   * @returns their names
   */
  addParameters({ name, weights }: GraphLayer, kernel: LayerWeights, _axis: 'FIRST' | 'LAST'): string[] {
    const names = [this.addWeight(`${name}/kernel`, kernel)]
    if (weights.bias) names.push(this.addWeight(`${name}/bias`, weights.bias))
    return names
  }

  /** The name by which other layers read a layer's output. */
  readingOf(layer: string): string {
    return layer
  }

  /** Called once a layer's own nodes are there. */
  finish(_layer: GraphLayer): void {}
}
