/**
 * A forward pass that is not differentiated, such as Algorithm 1 repeats after each update, is a single chain
 * of operations that wait for each other. With half of the cores per operation (see training-environment.ts),
 * the other half would be idle, so its convolutions are split into two halves of the batch that run in
 * parallel. Each image's result is bit-identical.
 */
import { DATA_TYPE } from '../tensorflow.ts'
import type { RecordedCall } from './bfloat16.ts'
import { type Attributes, type GraphWriter, graphAttribute, toGraphAttribute } from './graph-def.ts'

export class HalvedConvolutions {
  /** Convolutions of the function being recorded, by node name. */
  private readonly convolutions = new Map<string, RecordedCall>()
  /** Inputs and kernels whose gradients the function computes. */
  private readonly differentiated = new Set<string>()
  private readonly alreadySplit = new Set<string>()

  /** Notes a call that was recorded as `node`. */
  note(node: string, call: RecordedCall): void {
    const { operation, inputs, shape } = call
    const isEven = shape?.[0] !== undefined && shape[0] % 2 === 0
    if (operation === 'Conv2D' && isEven && !this.alreadySplit.has(node)) this.convolutions.set(node, call)
    if (operation === 'Conv2DBackpropInput') this.differentiated.add(inputs[1] as string)
    if (operation === 'Conv2DBackpropFilter') this.differentiated.add(inputs[0] as string)
  }

  /**
   * Splits the undifferentiated convolutions noted since the last call. Does nothing if none was
   * differentiated, because then no training step waits for the chain.
   */
  splitNoted(graph: GraphWriter): void {
    for (const [node, call] of this.differentiated.size > 0 ? this.convolutions : []) {
      if (call.inputs.some((input) => this.differentiated.has(input))) continue
      splitInHalves(graph, node, call)
      this.alreadySplit.add(node)
    }
    this.convolutions.clear()
    this.differentiated.clear()
  }
}

function splitInHalves(graph: GraphWriter, node: string, { inputs, attributes }: RecordedCall): void {
  const [input, kernel] = inputs as [string, string]
  // biome-ignore lint/style/noNonNullAssertion: every convolution has a type attribute
  const type = graphAttribute.type(attributes.find(({ name }) => name === 'T')!.value as number)
  const batchAxis = graph.addConstant(DATA_TYPE.int32, [], new Uint8Array(4))
  const halves = graph.add(
    'Split',
    [`${batchAxis}:0`, input],
    [
      ['num_split', graphAttribute.integer(2)],
      ['T', type],
    ],
  )
  const own = attributes.map(toGraphAttribute)
  const outputs = [0, 1].map((half) => `${graph.add('Conv2D', [`${halves}:${half}`, kernel], own)}:0`)
  const attributesOfConcat: Attributes = [
    ['N', graphAttribute.integer(2)],
    ['T', type],
    ['Tidx', graphAttribute.type(DATA_TYPE.int32)],
  ]
  // Keeps the convolution's name, so that nodes that read its output need not change.
  graph.replace(node, 'ConcatV2', [...outputs, `${batchAxis}:0`], attributesOfConcat)
}
