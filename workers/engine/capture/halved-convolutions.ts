/**
 * A prediction that nobody differentiates, such as Algorithm 1 makes anew after each update, is one chain of operations:
 * the next one waits for the last, and with half of the cores to each operation (see training-environment.ts) the other
 * half rests. So its convolutions are cut into two halves of the batch that run side by side. Each image's result is
 * the same to the bit.
 */
import { DATA_TYPE } from '../tensorflow.ts'
import type { RecordedCall } from './bfloat16.ts'
import { type Attributes, type GraphWriter, graphAttribute, toGraphAttribute } from './graph-def.ts'

export class HalvedConvolutions {
  /** By the name of their node, those of the function that is recorded. */
  private readonly convolutions = new Map<string, RecordedCall>()
  /** Inputs and kernels that the function takes a gradient of. */
  private readonly differentiated = new Set<string>()
  private readonly cutBefore = new Set<string>()

  /** Sees a call that is written down as `node`. */
  see(node: string, call: RecordedCall): void {
    const { operation, inputs, shape } = call
    const isEven = shape?.[0] !== undefined && shape[0] % 2 === 0
    if (operation === 'Conv2D' && isEven && !this.cutBefore.has(node)) this.convolutions.set(node, call)
    if (operation === 'Conv2DBackpropInput') this.differentiated.add(inputs[1] as string)
    if (operation === 'Conv2DBackpropFilter') this.differentiated.add(inputs[0] as string)
  }

  /** Cuts what was seen since the last time, unless nothing of it was differentiated: then others wait for no chain. */
  cut(graph: GraphWriter): void {
    for (const [node, call] of this.differentiated.size > 0 ? this.convolutions : []) {
      if (call.inputs.some((input) => this.differentiated.has(input))) continue
      halve(graph, node, call)
      this.cutBefore.add(node)
    }
    this.convolutions.clear()
    this.differentiated.clear()
  }
}

function halve(graph: GraphWriter, node: string, { inputs, attributes }: RecordedCall): void {
  const [input, kernel] = inputs as [string, string]
  // biome-ignore lint/style/noNonNullAssertion: every convolution names the type of its numbers
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
  // Under the convolution's own name, so that whoever reads it need not know.
  graph.replace(node, 'ConcatV2', [...outputs, `${batchAxis}:0`], attributesOfConcat)
}
