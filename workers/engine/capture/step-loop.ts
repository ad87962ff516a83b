/**
 * Many steps in one call into TensorFlow: the recorded step becomes a function of the graph's library, which
 * a While runs once for each step. Inputs come stacked along a new first axis, so do the results; variables
 * stay where they are.
 */
import type { ExecutionMode } from '../../../contract/training.ts'
import { DATA_TYPE } from '../tensorflow.ts'
import {
  type Argument,
  callMessage,
  extractFunction,
  functionMessage,
  integerConstant,
} from './function-library.ts'
import { type Attributes, type GraphWriter, graphAttribute, type Message, nodeMessage } from './graph-def.ts'

const { int32: INTEGER, bool: TRUTH } = DATA_TYPE
const ANY_LENGTH = -1

export interface LoopedStep {
  /** Of the recorded function. */
  name: string
  /** The node that gives the step's only result. */
  result: { node: string; dataType: number; shape: readonly number[] }
}

export interface LoopOptions {
  /** The most steps a call; every call's inputs have this length then. Any length if missing. */
  capacity?: number | undefined
  /** Whether XLA can make one program of the loop; it can still be run plain. */
  isCompiled: boolean
}

/** Tensors to feed and to fetch. */
export interface StepLoop {
  /** By the placeholder of the single step. */
  feeds: ReadonlyMap<string, string>
  /** int32 scalar: how many steps of the inputs are taken. */
  countFeed: string
  /** [steps, ...shape], whose rows the steps' results replace. */
  resultsFeed: string
  resultShape: number[]
  fetches: Record<ExecutionMode, string | undefined>
  capacity: number | undefined
}

export function addStepLoop(
  graph: GraphWriter,
  { name, result }: LoopedStep,
  { capacity, isCompiled }: LoopOptions,
): StepLoop {
  const nodes = graph.indexNodes()
  const args = extractFunction(graph, `${name}_step`, result)
  graph.addFunction(conditionOf(name, args, result.dataType))
  graph.addFunction(bodyOf(name, args, result))
  const length = capacity ?? ANY_LENGTH
  const shapes = args.map(({ node, isHandle }) => (isHandle ? [] : [length, ...shapeOf(nodes.get(node))]))
  const resultShape = [...result.shape]
  const stacked = args.map(({ node, dataType, isHandle }, i) =>
    isHandle ? node : graph.addPlaceholder(`${node}_stacked`, dataType, shapes[i] as number[]),
  )
  const count = graph.addPlaceholder(`${name}_count`, INTEGER, [])
  const results = graph.addPlaceholder(`${name}_results`, result.dataType, [length, ...resultShape])
  const addCall = (mode: ExecutionMode) => {
    const called = `${name}_${mode}`
    const isCompiled = mode === 'COMPILED'
    const loop = { name: called, results: [result.dataType] as [number], isCompiled }
    const parameters = [INTEGER, ...args.map(({ dataType }) => dataType), result.dataType]
    graph.addFunction(loopOf(name, loop, args, [...shapes, [length, ...resultShape]]))
    graph.addMessage(callMessage(`${called}_call`, { ...loop, parameters }, [count, ...stacked, results]))
    return `${graph.addIdentity(`${called}_all`, `${called}_call:0`, result.dataType, [])}:0`
  }
  const feeds = args.flatMap(({ node, isHandle }, i): [string, string][] =>
    isHandle ? [] : [[`${node}:0`, `${stacked[i]}:0`]],
  )
  return {
    feeds: new Map(feeds),
    countFeed: `${count}:0`,
    resultsFeed: `${results}:0`,
    resultShape,
    fetches: { PLAIN: addCall('PLAIN'), COMPILED: isCompiled ? addCall('COMPILED') : undefined },
    capacity,
  }
}

/** The While's variables: the step's number, how many there are, the step's arguments, all results. */
function loopVariables(args: readonly Argument[], resultType: number): [string, number][] {
  const passed = args.map(({ dataType }, i): [string, number] => [`a${i}`, dataType])
  return [['step', INTEGER], ['count', INTEGER], ...passed, ['results', resultType]]
}

function conditionOf(name: string, args: readonly Argument[], resultType: number): Message {
  return functionMessage({
    name: `${name}_condition`,
    parameters: loopVariables(args, resultType),
    results: [['goes_on', TRUTH]],
    nodes: [nodeMessage('less', 'Less', ['step', 'count'], [['T', graphAttribute.type(INTEGER)]])],
    returns: { goes_on: 'less:z:0' },
  })
}

function bodyOf(name: string, args: readonly Argument[], result: LoopedStep['result']): Message {
  const variables = loopVariables(args, result.dataType)
  const picks = args.flatMap(({ dataType, isHandle }, i) => (isHandle ? [] : [pick(`a${i}`, dataType)]))
  const inputs = args.map(({ isHandle }, i) => (isHandle ? `a${i}` : `a${i}_picked:output:0`))
  const called = {
    name: `${name}_step`,
    parameters: args.map(({ dataType }) => dataType),
    results: [result.dataType],
  }
  const row = [1, ...result.shape]
  const reshape = (dataType: number): Attributes => [
    ['T', graphAttribute.type(dataType)],
    ['Tshape', graphAttribute.type(INTEGER)],
  ]
  return functionMessage({
    name: `${name}_body`,
    parameters: variables,
    results: variables.map(([variable, type]) => [`${variable}_next`, type]),
    nodes: [
      integerConstant('zero', [0], []),
      integerConstant('one', [1], []),
      integerConstant('index_shape', [1, 1], [2]),
      integerConstant('row_shape', row, [row.length]),
      nodeMessage('increment', 'AddV2', ['step', 'one:output:0'], [['T', graphAttribute.type(INTEGER)]]),
      ...picks,
      callMessage('call', called, inputs),
      nodeMessage('index', 'Reshape', ['step', 'index_shape:output:0'], reshape(INTEGER)),
      nodeMessage('row', 'Reshape', ['call:output:0', 'row_shape:output:0'], reshape(result.dataType)),
      nodeMessage(
        'put',
        'TensorScatterUpdate',
        ['results', 'index:output:0', 'row:output:0'],
        [
          ['T', graphAttribute.type(result.dataType)],
          ['Tindices', graphAttribute.type(INTEGER)],
        ],
      ),
    ],
    returns: {
      ...Object.fromEntries(variables.map(([variable]) => [`${variable}_next`, variable])),
      step_next: 'increment:z:0',
      results_next: 'put:output:0',
    },
  })
}

/** This step's part of a stacked input. */
function pick(stacked: string, dataType: number): Message {
  return nodeMessage(
    `${stacked}_picked`,
    'GatherV2',
    [stacked, 'step', 'zero:output:0'],
    [
      ['Tparams', graphAttribute.type(dataType)],
      ['Tindices', graphAttribute.type(INTEGER)],
      ['Taxis', graphAttribute.type(INTEGER)],
      ['batch_dims', graphAttribute.integer(0)],
    ],
  )
}

function loopOf(
  step: string,
  { name, results, isCompiled }: { name: string; results: [number]; isCompiled: boolean },
  args: readonly Argument[],
  shapes: number[][],
): Message {
  const [resultType] = results
  const variables = loopVariables(args, resultType)
  const [, ...parameters] = variables
  return functionMessage({
    name,
    parameters,
    results: [['all', resultType]],
    nodes: [
      integerConstant('first', [0], []),
      nodeMessage(
        'while',
        'While',
        ['first:output:0', ...parameters.map(([parameter]) => parameter)],
        [
          ['T', graphAttribute.types(variables.map(([, type]) => type))],
          ['cond', graphAttribute.function(`${step}_condition`)],
          ['body', graphAttribute.function(`${step}_body`)],
          ['output_shapes', graphAttribute.shapes([[], [], ...shapes])],
          ['parallel_iterations', graphAttribute.integer(1)],
        ],
      ),
    ],
    returns: { all: `while:output:${variables.length - 1}` },
    isCompiled,
  })
}

function shapeOf(placeholder: Message): number[] {
  const dims = placeholder.getAttrMap().get('shape').getShape().getDimList() as Message[]
  return dims.map((dim) => dim.getSize())
}
