/**
 * Functions of a TensorFlow graph's library (function.proto). Inside a function an output is referred to as
 * `node:outputName:index`, where outputs' names are those of the operation's definition.
 */
import { DATA_TYPE, protobuf } from '../tensorflow.ts'
import { type GraphWriter, graphAttribute, type Message, nodeMessage } from './graph-def.ts'
import { outputNamesOf } from './operation-outputs.ts'

export const RESOURCE = 20

/** An argument of an extracted function: a placeholder or a variable's handle of the graph. */
export interface Argument {
  /** The node in the graph. */
  node: string
  dataType: number
  isHandle: boolean
}

type Parameter = [name: string, dataType: number]

export interface FunctionParts {
  name: string
  parameters: Parameter[]
  results: Parameter[]
  nodes: Message[]
  /** The reference of each result, by its name. */
  returns: Record<string, string>
  /** Compiled by XLA as a whole, or not run at all. */
  isCompiled?: boolean
}

export function functionMessage(parts: FunctionParts): Message {
  const signature = new protobuf.OpDef()
  signature.setName(parts.name)
  signature.setIsStateful(true)
  signature.setInputArgList(parts.parameters.map(parameterMessage))
  signature.setOutputArgList(parts.results.map(parameterMessage))
  const definition = new protobuf.FunctionDef()
  definition.setSignature(signature)
  definition.setNodeDefList(parts.nodes)
  for (const [result, reference] of Object.entries(parts.returns))
    definition.getRetMap().set(result, reference)
  if (parts.isCompiled) definition.getAttrMap().set('_XlaMustCompile', graphAttribute.truth(true))
  return definition
}

function parameterMessage([name, dataType]: Parameter): Message {
  const message = new protobuf.OpDef.ArgDef()
  message.setName(name)
  message.setType(dataType)
  return message
}

/** Calls a function of the library; its side effects happen even if nothing reads its results. */
export function callMessage(
  node: string,
  called: { name: string; parameters: number[]; results: number[]; isCompiled?: boolean },
  inputs: string[],
): Message {
  return nodeMessage(node, 'StatefulPartitionedCall', inputs, [
    ['Tin', graphAttribute.types(called.parameters)],
    ['Tout', graphAttribute.types(called.results)],
    ['f', graphAttribute.function(called.name)],
    ...['config', 'config_proto', 'executor_type'].map((key): [string, Message] => [
      key,
      graphAttribute.text(''),
    ]),
    ...(called.isCompiled ? [['_XlaMustCompile', graphAttribute.truth(true)] as [string, Message]] : []),
  ])
}

export function integerConstant(node: string, values: readonly number[], shape: number[]): Message {
  const bytes = new Uint8Array(Int32Array.from(values).buffer)
  return nodeMessage(
    node,
    'Const',
    [],
    [
      ['dtype', graphAttribute.type(DATA_TYPE.int32)],
      ['value', graphAttribute.tensor(DATA_TYPE.int32, shape, bytes)],
    ],
  )
}

/**
 * Copies all that a node of the graph depends on into a function of its library, which returns the node's
 * output. Placeholders and variables' handles become its arguments.
 */
export function extractFunction(
  graph: GraphWriter,
  name: string,
  result: { node: string; dataType: number },
): Argument[] {
  const nodes = graph.indexNodes()
  const inside = new Map<string, Message>()
  const args = new Map<string, Argument>()
  const pending = [result.node]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (inside.has(node) || args.has(node)) continue
    const message = nodes.get(node)
    const argument = argumentOf(node, message)
    if (argument) args.set(node, argument)
    else {
      inside.set(node, message)
      pending.push(...message.getInputList().map(nodeOf))
    }
  }
  const refer = (reference: string) => referenceInside(reference, inside)
  const parameters = [...args.values()].map(({ node, dataType }): Parameter => [node, dataType])
  graph.addFunction(
    functionMessage({
      name,
      parameters,
      results: [['result', result.dataType]],
      nodes: [...inside.values()].map((message) => {
        const copy = message.clone()
        const inputs = (message.getInputList() as string[]).filter((input) => !isControlOf(input, args))
        copy.setInputList(inputs.map(refer))
        return copy
      }),
      returns: { result: refer(`${result.node}:0`) },
    }),
  )
  return [...args.values()]
}

function argumentOf(node: string, message: Message): Argument | undefined {
  const operation = message.getOp()
  if (operation === 'VarHandleOp') return { node, dataType: RESOURCE, isHandle: true }
  if (operation !== 'Placeholder') return undefined
  return { node, dataType: message.getAttrMap().get('dtype').getType(), isHandle: false }
}

/** An argument is there from the start, so there is nothing to wait for. */
function isControlOf(input: string, args: ReadonlyMap<string, Argument>): boolean {
  return input.startsWith('^') && args.has(nodeOf(input))
}

function nodeOf(reference: string): string {
  return reference.replace(/^\^/, '').split(':')[0] as string
}

function referenceInside(reference: string, inside: ReadonlyMap<string, Message>): string {
  if (reference.startsWith('^')) return reference
  const [node, index = '0'] = reference.split(':') as [string, string?]
  const message = inside.get(node)
  if (!message) return node
  const names = outputNamesOf(message.getOp())
  // An operation has either one list of outputs or several single ones.
  return names.length === 1 ? `${node}:${names[0]}:${index}` : `${node}:${names[Number(index)]}:0`
}
