/** The part of ONNX's protobuf schema (onnx.proto3, IR version 8) that the exports need. */
import protobuf from 'protobufjs'

export interface OnnxTensor {
  dims: number[]
  dataType: number
  name: string
  /** Little-endian, row-major. */
  rawData: Uint8Array
}

export interface OnnxNode {
  opType: string
  name: string
  input: string[]
  output: string[]
  attribute: OnnxAttribute[]
}

export type OnnxAttribute = { name: string } & (
  | { type: typeof ATTRIBUTE.float; f: number }
  | { type: typeof ATTRIBUTE.integer; i: number }
  | { type: typeof ATTRIBUTE.integers; ints: number[] }
)

export interface OnnxValue {
  name: string
  /** A name in place of a length is any. */
  shape: (number | string)[]
}

export interface OnnxModel {
  opset: number
  producerVersion: string
  name: string
  nodes: OnnxNode[]
  weights: OnnxTensor[]
  inputs: OnnxValue[]
  outputs: OnnxValue[]
  metadata: Record<string, string>
}

const IR_VERSION = 8
export const FLOAT = 1
export const UINT8 = 2
export const INT8 = 3
export const INT32 = 6
export const INT64 = 7
export const ATTRIBUTE = { float: 1, integer: 2, integers: 7 } as const

/** Numbers of the fields by name and type; `[]` marks repeated ones. */
const SCHEMA: Record<string, Record<string, [number: number, type: string]>> = {
  ModelProto: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto[]'],
    metadataProps: [14, 'StringStringEntryProto[]'],
  },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  GraphProto: {
    node: [1, 'NodeProto[]'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto[]'],
    input: [11, 'ValueInfoProto[]'],
    output: [12, 'ValueInfoProto[]'],
  },
  NodeProto: {
    input: [1, 'string[]'],
    output: [2, 'string[]'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto[]'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    ints: [8, 'int64[]'],
    type: [20, 'int32'],
  },
  TensorProto: { dims: [1, 'int64[]'], dataType: [2, 'int32'], name: [8, 'string'], rawData: [9, 'bytes'] },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensorType: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'DimensionProto[]'] },
  DimensionProto: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
}

const ModelProto = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(SCHEMA).map(([message, fields]) => [message, { fields: fieldsOf(fields) }]),
  ),
}).lookupType('ModelProto')

function fieldsOf(fields: Record<string, [number, string]>) {
  const entries = Object.entries(fields).map(([name, [id, type]]) => {
    const rule = type.endsWith('[]') ? { rule: 'repeated' } : {}
    return [name, { id, type: type.replace('[]', ''), ...rule }]
  })
  return Object.fromEntries(entries) as Record<string, protobuf.IField>
}

export function encodeOnnx(model: OnnxModel): Buffer {
  const message = {
    irVersion: IR_VERSION,
    producerName: 'Studyhall engine',
    producerVersion: model.producerVersion,
    opsetImport: [{ domain: '', version: model.opset }],
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.name,
      node: model.nodes,
      initializer: model.weights,
      input: model.inputs.map(valueInfo),
      output: model.outputs.map(valueInfo),
    },
  }
  const problem = ModelProto.verify(message)
  if (problem) throw new Error(`the ONNX model is not well-formed: ${problem}`)
  return Buffer.from(ModelProto.encode(message).finish())
}

function valueInfo({ name, shape }: OnnxValue) {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } }
}
