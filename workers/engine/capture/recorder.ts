/**
 * TF.js runs every operation, including those of gradients, through one method of its native binding. While a
 * function is run once, a substitute for the binding records each operation as a node of a TensorFlow graph;
 * afterwards the function is a single call into TensorFlow, and its variables live there.
 */
import { createHash } from 'node:crypto'
import {
  backend,
  DATA_TYPE,
  type InputType,
  nativeBinding,
  type Tensor,
  type TensorMetadata,
  type TFEOpAttr,
  type TFJSBinding,
  tensorIdOf,
  tf,
  type Variable,
} from '../tensorflow.ts'
import { Bfloat16Pass, type RecordedCall, referencesTo } from './bfloat16.ts'
import { FLOAT, GraphWriter, graphAttribute, toGraphAttribute } from './graph-def.ts'
import { HalvedConvolutions } from './halved-convolutions.ts'
import { addInput, type RecordedInput, type Signature } from './inputs.ts'
import { outline } from './outlines.ts'

/** A variable that persists across steps: a weight, a moving statistic, or optimizer state. */
export interface NamedVariable {
  /** Unique within the graph. */
  name: string
  variable: Variable
}

export type Precision = 'FLOAT32' | 'BFLOAT16'

/** A recorded function: the tensors to feed and to fetch. */
export interface RecordedFunction {
  inputs: RecordedInput[]
  outputs: { name: string; fetch: string; dataType: number; shape: readonly number[] }[]
}

interface RecordedVariable extends NamedVariable {
  initial: Float32Array
  handle: string
  read: string
}

/**
 * Operations whose result does not depend on their inputs alone; recording them would break reproducibility.
 */
const RANDOM = /Random|Multinomial|TruncatedNormal/

export class GraphRecorder {
  readonly graph: GraphWriter
  readonly functions = new Map<string, RecordedFunction>()
  readonly variables: RecordedVariable[]
  /** The graph output that produces each tensor, by tensor id. Ids only increase, so none is reused. */
  private readonly references = new Map<number, string>()
  private readonly constants = new Map<number, { dtype: number; shape: number[]; bytes: Uint8Array }>()
  /** Shape of every tensor seen, by id. */
  private readonly shapes = new Map<number, readonly number[]>()
  /** Nodes by what they compute, so that identical computations are recorded once. */
  private readonly known = new Map<string, string>()
  /** Set while a function is recorded in bfloat16. */
  private bfloat16: Bfloat16Pass | undefined
  private readonly halved = new HalvedConvolutions()

  /** @param variables hold their initial values; recording changes them. */
  constructor(variables: NamedVariable[], graph = new GraphWriter()) {
    this.graph = graph
    this.variables = variables.map(({ name, variable }, index) => this.addVariable(name, variable, index))
  }

  private addVariable(name: string, variable: Variable, index: number): RecordedVariable {
    const dtype = graphAttribute.type(FLOAT)
    const handle = this.graph.add(
      'VarHandleOp',
      [],
      [
        ['dtype', dtype],
        ['shape', graphAttribute.shape(variable.shape)],
        ['shared_name', graphAttribute.text(`variable_${index}`)],
        ['container', graphAttribute.text('')],
      ],
      { name: `variable_${index}` },
    )
    const read = this.graph.add('ReadVariableOp', [handle], [['dtype', dtype]], { name: `read_${index}` })
    return { name, variable, handle, read, initial: variable.dataSync() as Float32Array }
  }

  /**
   * Runs `body` once and records it; the values it computes meanwhile have the right shapes but no meaning
   * (see outlines.ts). Inputs must be passed through `signature`, since any other value would be recorded as
   * a constant. Variables that `body` assigns are assigned in every run. Shapes are fixed.
   * @param precision of the feature maps; everything else is float32 (see bfloat16.ts)
   */
  record(
    name: string,
    signature: Signature,
    body: (inputs: Record<string, Tensor>) => Record<string, Tensor>,
    precision: Precision = 'FLOAT32',
  ): void {
    this.bfloat16 = precision === 'BFLOAT16' ? new Bfloat16Pass((call) => this.addCall(call)) : undefined
    const added = Object.entries(signature).map(([input, entry]) => ({
      ...entry,
      ...addInput(this.graph, name, input, entry),
    }))
    const inputs = added.map(({ fed }) => fed)
    const before = this.variables.map(({ variable, read }) => {
      const id = tensorIdOf(variable)
      this.references.set(id, `${read}:0`)
      this.shapes.set(id, variable.shape)
      return id
    })
    tf.tidy(() => {
      const examples = added.map(({ fed, dtype, shape, value }): [string, Tensor] => {
        const tensor = zeros(dtype, [...shape])
        this.references.set(tensorIdOf(tensor), value)
        this.shapes.set(tensorIdOf(tensor), shape)
        return [fed.name, tensor]
      })
      const outputs = this.whileRecording(() => body(Object.fromEntries(examples)))
      this.functions.set(name, { inputs, outputs: this.finish(name, outputs, before) })
    })
    this.halved.splitNoted(this.graph)
  }

  private whileRecording<T>(run: () => T): T {
    backend.binding = Object.create(nativeBinding, {
      createTensor: { value: this.createTensor.bind(this) },
      executeOp: { value: this.executeOperation.bind(this) },
    }) as TFJSBinding
    try {
      return run()
    } finally {
      backend.binding = nativeBinding
    }
  }

  private createTensor(shape: number[], dtype: number, values: ArrayBufferView): number {
    const id = nativeBinding.createTensor(shape, dtype, values as Float32Array)
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    this.constants.set(id, { dtype, shape, bytes })
    this.shapes.set(id, shape)
    return id
  }

  private executeOperation(
    name: string,
    attributes: TFEOpAttr[],
    ids: number[],
    outputCount: number,
  ): TensorMetadata[] {
    if (RANDOM.test(name)) throw new Error(`${name} is random: draw outside and pass the numbers as an input`)
    const shapes = ids.map((id) => this.shapes.get(id) as readonly number[])
    const numbersOf = (input: number) => this.integersOf(ids[input] as number)
    const outputs =
      outline(name, { attributes, shapes, numbersOf }, outputCount) ??
      nativeBinding.executeOp(name, attributes, ids, outputCount)
    for (const { id, shape } of outputs) this.shapes.set(id, shape)
    const inputs = ids.map((id) => this.referenceTo(id, name))
    const call = { operation: name, attributes, inputs, shape: outputs[0]?.shape }
    const references = this.bfloat16
      ? this.bfloat16.record(call, outputs.length)
      : referencesTo(this.addCall(call), outputs.length)
    outputs.forEach(({ id }, index) => void this.references.set(id, references[index] as string))
    return outputs
  }

  /** The values of an int32 constant, or undefined. */
  private integersOf(id: number): number[] | undefined {
    const constant = this.constants.get(id)
    if (constant?.dtype !== DATA_TYPE.int32) return undefined
    const { buffer, byteOffset, byteLength } = constant.bytes
    return [...new Int32Array(buffer, byteOffset, byteLength / 4)]
  }

  private addCall(call: RecordedCall): string {
    const { operation, attributes, inputs } = call
    const node = this.once(`${operation}(${inputs})${JSON.stringify(attributes)}`, () =>
      this.graph.add(operation, inputs, attributes.map(toGraphAttribute)),
    )
    this.halved.note(node, call)
    return node
  }

  private referenceTo(id: number, reader: string): string {
    const reference = this.references.get(id)
    if (reference !== undefined) return reference
    const constant = this.constants.get(id)
    if (!constant)
      throw new Error(`${reader} reads a tensor from outside the recording: make it an input or a variable`)
    const { dtype, shape, bytes } = constant
    const digest = createHash('sha1').update(bytes).digest('base64')
    const node = this.once(`Const ${dtype} [${shape}] ${digest}`, () =>
      this.graph.addConstant(dtype, shape, bytes),
    )
    this.references.set(id, `${node}:0`)
    this.constants.delete(id)
    return `${node}:0`
  }

  /** Results of the function are float32 whatever the precision. */
  private resultOf(id: number, functionName: string): string {
    const reference = this.referenceTo(id, functionName)
    return this.bfloat16?.toFloat(reference) ?? reference
  }

  private once(computation: string, add: () => string): string {
    const node = this.known.get(computation) ?? add()
    this.known.set(computation, node)
    return node
  }

  /** Adds the assignments that `body` made, and makes every output depend on them. */
  private finish(
    name: string,
    outputs: Record<string, Tensor>,
    before: number[],
  ): RecordedFunction['outputs'] {
    const assigned = this.variables.flatMap(({ variable, handle, read }, i) => {
      const id = tensorIdOf(variable)
      if (id === before[i]) return []
      const attributes: [string, unknown][] = [['dtype', graphAttribute.type(FLOAT)]]
      // Without this control dependency, the assignment could run before the read.
      return [
        this.graph.add('AssignVariableOp', [handle, this.resultOf(id, name)], attributes, {
          runAfter: [read],
        }),
      ]
    })
    return Object.entries(outputs).map(([output, tensor]) => {
      const value = this.resultOf(tensorIdOf(tensor), name)
      const dataType = DATA_TYPE[tensor.dtype as 'float32' | 'int32']
      const node = this.graph.addIdentity(`${name}_out_${output}`, value, dataType, assigned)
      return { name: output, fetch: `${node}:0`, dataType, shape: tensor.shape }
    })
  }
}

function zeros(dtype: InputType, shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const values = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }[dtype]
  const id = nativeBinding.createTensor(shape, DATA_TYPE[dtype], new values(size))
  return backend.createOutputTensor({ id, shape, dtype: DATA_TYPE[dtype] })
}
