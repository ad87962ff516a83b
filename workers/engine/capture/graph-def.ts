/**
 * Writes TensorFlow graphs (graph.proto, saved_model.proto) with the protobuf classes that tfjs-node ships.
 */
import { DATA_TYPE, nativeBinding, protobuf, type TFEOpAttr } from '../tensorflow.ts'

/** A protobuf message; the generated classes have no type declarations. */
// biome-ignore lint/suspicious/noExplicitAny: generated JavaScript without declarations
export type Message = any

export type Attributes = [name: string, value: Message][]

function attributeValue(set: (value: Message) => void): Message {
  const value = new protobuf.AttrValue()
  set(value)
  return value
}

function shapeMessage(shape: number[]): Message {
  const message = new protobuf.TensorShape()
  message.setDimList(
    shape.map((size) => {
      const dim = new protobuf.TensorShape.Dim()
      dim.setSize(size)
      return dim
    }),
  )
  return message
}

/** Builds attribute values of a NodeDef. */
export const graphAttribute = {
  type: (dataType: number) => attributeValue((a) => a.setType(dataType)),
  text: (text: string) => attributeValue((a) => a.setS(Buffer.from(text))),
  integers: (values: readonly number[]) => graphAttribute.list((list) => list.setIList([...values])),
  number: (value: number) => attributeValue((a) => a.setF(value)),
  integer: (value: number) => attributeValue((a) => a.setI(value)),
  truth: (value: boolean) => attributeValue((a) => a.setB(value)),
  shape: (shape: number[]) => attributeValue((a) => a.setShape(shapeMessage(shape))),
  shapes: (shapes: number[][]) => graphAttribute.list((list) => list.setShapeList(shapes.map(shapeMessage))),
  types: (dataTypes: readonly number[]) => graphAttribute.list((list) => list.setTypeList([...dataTypes])),
  /** The name of a function in the graph's library. */
  function: (name: string) =>
    attributeValue((a) => {
      const named = new protobuf.NameAttrList()
      named.setName(name)
      a.setFunc(named)
    }),
  list: (set: (list: Message) => void) =>
    attributeValue((a) => {
      const list = new protobuf.AttrValue.ListValue()
      set(list)
      a.setList(list)
    }),
  /** A constant, given by its bytes in memory, so that nothing is converted value by value. */
  tensor: (dataType: number, shape: number[], bytes: Uint8Array) =>
    attributeValue((a) => {
      const tensor = new protobuf.Tensor()
      tensor.setDtype(dataType)
      tensor.setTensorShape(shapeMessage(shape))
      tensor.setTensorContent(bytes)
      a.setTensor(tensor)
    }),
}

/** Converts an attribute of an executed operation to a NodeDef attribute. */
export function toGraphAttribute({ name, type, value }: TFEOpAttr): [string, Message] {
  const kinds: Record<number, () => Message> = {
    [nativeBinding.TF_ATTR_STRING]: () => graphAttribute.text(String(value)),
    [nativeBinding.TF_ATTR_FLOAT]: () => attributeValue((a) => a.setF(value)),
    [nativeBinding.TF_ATTR_BOOL]: () => attributeValue((a) => a.setB(Boolean(value))),
    [nativeBinding.TF_ATTR_SHAPE]: () => graphAttribute.shape(value as number[]),
    [nativeBinding.TF_ATTR_INT]: () =>
      Array.isArray(value)
        ? graphAttribute.list((list) => list.setIList(value))
        : attributeValue((a) => a.setI(value)),
    [nativeBinding.TF_ATTR_TYPE]: () =>
      Array.isArray(value)
        ? graphAttribute.list((list) => list.setTypeList(value))
        : graphAttribute.type(value as number),
  }
  const convert = kinds[type]
  if (!convert) throw new Error(`attribute ${name} has a type (${type}) that graphs do not support yet`)
  return [name, convert()]
}

/** Tensors by the names that callers use for them. */
export interface GraphSignature {
  inputs: Record<string, SignatureTensor>
  outputs: Record<string, SignatureTensor>
}

interface SignatureTensor {
  /** `node:index`. */
  reference: string
  dataType: number
  /** -1 stands for any length. */
  shape: number[]
}

function signatureMessage({ inputs, outputs }: GraphSignature): Message {
  const message = new protobuf.SignatureDef()
  message.setMethodName('tensorflow/serving/predict')
  const fill = (map: Message, tensors: Record<string, SignatureTensor>) => {
    for (const [name, { reference, dataType, shape }] of Object.entries(tensors)) {
      const info = new protobuf.TensorInfo()
      info.setName(reference)
      info.setDtype(dataType)
      info.setTensorShape(shapeMessage(shape))
      map.set(name, info)
    }
  }
  fill(message.getInputsMap(), inputs)
  fill(message.getOutputsMap(), outputs)
  return message
}

export function nodeMessage(
  name: string,
  operation: string,
  inputs: string[],
  attributes: Attributes,
): Message {
  const node = new protobuf.NodeDef()
  node.setName(name)
  node.setOp(operation)
  node.setInputList(inputs)
  const map = node.getAttrMap()
  for (const [key, value] of attributes) map.set(key, value)
  return node
}

/** Builds a graph node by node. References to outputs are written `name:index`, as in TensorFlow. */
export class GraphWriter {
  private readonly nodes: Message[] = []
  /** Functions that the graph's nodes and other functions can call by name. */
  private readonly library: Message[] = []

  get size(): number {
    return this.nodes.length
  }

  /** Adds a node and returns its name; `runAfter` lists control dependencies. */
  add(
    operation: string,
    inputs: string[],
    attributes: Attributes,
    options: { name?: string; runAfter?: string[] } = {},
  ): string {
    const name = options.name ?? `${operation}_${this.nodes.length}`
    const runAfter = (options.runAfter ?? []).map((other) => `^${other}`)
    this.nodes.push(nodeMessage(name, operation, [...inputs, ...runAfter], attributes))
    return name
  }

  /** Replaces a node by another operation with the same name. */
  replace(name: string, operation: string, inputs: string[], attributes: Attributes): void {
    const index = this.nodes.findIndex((node) => node.getName() === name)
    this.nodes[index] = nodeMessage(name, operation, inputs, attributes)
  }

  /** The nodes by name. */
  indexNodes(): ReadonlyMap<string, Message> {
    return new Map(this.nodes.map((node) => [node.getName(), node]))
  }

  addMessage(node: Message): void {
    this.nodes.push(node)
  }

  /** Adds a function to the library; see function-library.ts. */
  addFunction(definition: Message): void {
    this.library.push(definition)
  }

  /** @param shape -1 stands for any length */
  addPlaceholder(name: string, dataType: number, shape: number[]): string {
    const attributes: Attributes = [
      ['dtype', graphAttribute.type(dataType)],
      ['shape', graphAttribute.shape(shape)],
    ]
    return this.add('Placeholder', [], attributes, { name })
  }

  addConstant(dataType: number, shape: number[], bytes: Uint8Array): string {
    return this.add(
      'Const',
      [],
      [
        ['dtype', graphAttribute.type(dataType)],
        ['value', graphAttribute.tensor(dataType, shape, bytes)],
      ],
    )
  }

  addIdentity(name: string, input: string, dataType: number, runAfter: string[]): string {
    return this.add('Identity', [input], [['T', graphAttribute.type(dataType)]], { name, runAfter })
  }

  /**
   * The content of saved_model.pb of a SavedModel with the tag `serve`.
   * @param signature stored as `serving_default`, by which loaders find inputs and outputs
   */
  serialize(signature?: GraphSignature): Uint8Array {
    const graph = new protobuf.GraphDef()
    graph.setNodeList(this.nodes)
    if (this.library.length > 0) {
      const library = new protobuf.FunctionDefLibrary()
      library.setFunctionList(this.library)
      graph.setLibrary(library)
    }
    const versions = new protobuf.VersionDef()
    // A TensorFlow 2.x graph version; later releases can read it.
    versions.setProducer(1087)
    versions.setMinConsumer(12)
    graph.setVersions(versions)
    const info = new protobuf.MetaGraphDef.MetaInfoDef()
    info.setTagsList(['serve'])
    const metaGraph = new protobuf.MetaGraphDef()
    metaGraph.setMetaInfoDef(info)
    metaGraph.setGraphDef(graph)
    if (signature) metaGraph.getSignatureDefMap().set('serving_default', signatureMessage(signature))
    const savedModel = new protobuf.SavedModel()
    savedModel.setSavedModelSchemaVersion(1)
    savedModel.setMetaGraphsList([metaGraph])
    return savedModel.serializeBinary()
  }
}

export const FLOAT = DATA_TYPE.float32
