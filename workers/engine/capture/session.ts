import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionMode } from '../../../contract/training.ts'
import { DATA_TYPE, nativeBinding } from '../tensorflow.ts'
import { FLOAT, graphAttribute } from './graph-def.ts'
import type { GraphRecorder, RecordedFunction } from './recorder.ts'
import type { ResidentRows } from './resident-rows.ts'
import { addStepLoop, type LoopOptions, type StepLoop } from './step-loop.ts'

export type Values = Float32Array | Int32Array | Uint8Array

interface SessionVariable {
  name: string
  shape: number[]
  read: string
  feed: string
}

/**
 * The recorded functions of one graph, ready to run. The variables live inside TensorFlow and can be read and
 * set by name between runs.
 */
export class Session {
  private readonly savedModel: number
  private readonly functions: ReadonlyMap<string, RecordedFunction>
  private readonly variables: SessionVariable[]
  private readonly loops: ReadonlyMap<string, StepLoop>

  private constructor(
    savedModel: number,
    functions: ReadonlyMap<string, RecordedFunction>,
    variables: SessionVariable[],
    loops: ReadonlyMap<string, StepLoop>,
  ) {
    this.savedModel = savedModel
    this.functions = functions
    this.variables = variables
    this.loops = loops
  }

  /**
   * Loads the recorded graph, with every variable at its initial value.
   * @param looped recorded functions, with one output, that `runMany` can run
   */
  static open(recorder: GraphRecorder, looped: readonly string[] = [], options?: LoopOptions): Session {
    const variables = addInitialisation(recorder)
    const loops = new Map(options && looped.map((name) => [name, addLoop(recorder, name, options)]))
    const folder = mkdtempSync(join(tmpdir(), 'studyhall-graph-'))
    try {
      writeFileSync(join(folder, 'saved_model.pb'), recorder.graph.serialize())
      const session = new Session(
        nativeBinding.loadSavedModel(folder, 'serve'),
        recorder.functions,
        variables,
        loops,
      )
      session.writeVariables(new Map(recorder.variables.map(({ name, initial }) => [name, initial])))
      return session
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  /**
   * Runs a recorded function.
   * @param inputs values by name, row-major; must not change until the call returns
   * @returns the outputs by name, row-major
   */
  run<Output extends string>(functionName: string, inputs: Record<string, Values>): Record<Output, Values> {
    const recorded = this.functions.get(functionName)
    if (!recorded) throw new Error(`nothing was recorded under the name ${functionName}`)
    const feeds = recorded.inputs.map(({ name, dtype, shape, feed }) => {
      const values = inputs[name]
      if (!values) throw new Error(`${functionName} needs the input ${name}`)
      return { feed, shape, dtype: DATA_TYPE[dtype], values }
    })
    const outputs = this.execute(
      feeds,
      recorded.outputs.map(({ fetch }) => fetch),
    )
    return Object.fromEntries(recorded.outputs.map(({ name }, i) => [name, outputs[i]])) as Record<
      Output,
      Values
    >
  }

  /**
   * Runs a looped function once with each of the inputs, in one call.
   * @param inputs of every run, no more than the loop's capacity
   * @returns the only output, stacked, row-major
   */
  runMany(
    functionName: string,
    inputs: readonly Record<string, Values>[],
    mode: ExecutionMode,
  ): Float32Array {
    const recorded = this.functions.get(functionName)
    const loop = this.loops.get(functionName)
    const fetch = loop?.fetches[mode]
    if (!recorded || !loop || !fetch) throw new Error(`nothing was looped under the name ${functionName}`)
    const length = loop.capacity ?? inputs.length
    const feeds = recorded.inputs.map(({ name, dtype, shape, feed }) => ({
      feed: loop.feeds.get(feed) as string,
      shape: [length, ...shape],
      dtype: DATA_TYPE[dtype],
      values: stack(
        inputs.map((each) => each[name] as Values),
        length,
      ),
    }))
    const rowLength = sizeOf(loop.resultShape)
    const results = {
      feed: loop.resultsFeed,
      shape: [length, ...loop.resultShape],
      dtype: FLOAT,
      values: new Float32Array(length * rowLength),
    }
    const count = {
      feed: loop.countFeed,
      shape: [],
      dtype: DATA_TYPE.int32,
      values: Int32Array.of(inputs.length),
    }
    const [all] = this.execute([...feeds, results, count], [fetch]) as [Float32Array]
    return all.subarray(0, inputs.length * rowLength)
  }

  /** Puts rows on the device. @param values all of them, row-major */
  fill({ shape, feed, filled }: ResidentRows, values: Uint8Array): void {
    this.execute([{ feed, shape, dtype: DATA_TYPE.uint8, values }], [filled])
  }

  /** The variables' current values by name, row-major. */
  readVariables(): Map<string, Float32Array> {
    const values = this.execute(
      [],
      this.variables.map(({ read }) => read),
    )
    return new Map(this.variables.map(({ name }, i) => [name, values[i] as Float32Array]))
  }

  /** Sets every variable. @throws an error that names the first missing one */
  writeVariables(values: ReadonlyMap<string, Float32Array>): void {
    const feeds = this.variables.map(({ name, shape, feed }) => {
      const value = values.get(name)
      if (!value) throw new Error(`the state has no value for ${name}`)
      return { feed, shape, dtype: FLOAT, values: value }
    })
    this.execute(feeds, [INITIALISED])
  }

  /** Frees the variables' memory; the session cannot be used afterwards. */
  close(): void {
    nativeBinding.deleteSavedModel(this.savedModel)
  }

  private execute(
    feeds: { feed: string; shape: number[]; dtype: number; values: Values }[],
    fetches: string[],
  ): Values[] {
    const ids = feeds.map(({ shape, dtype, values }) => nativeBinding.createTensor(shape, dtype, values))
    try {
      const names = feeds.map(({ feed }) => feed).join(',')
      const results = nativeBinding.runSavedModel(this.savedModel, ids, names, fetches.join(','))
      const values = results.map(({ id }) => nativeBinding.tensorDataSync(id))
      for (const { id } of results) nativeBinding.deleteTensor(id)
      return values
    } finally {
      for (const id of ids) nativeBinding.deleteTensor(id)
    }
  }
}

const INITIALISED = 'initialised:0'

/** Adds nodes through which every variable can be set from outside. */
function addInitialisation({ graph, variables }: GraphRecorder): SessionVariable[] {
  const assigned: string[] = []
  const result = variables.map(({ name, variable, handle, read }, index) => {
    const value = graph.addPlaceholder(`initial_${index}`, FLOAT, variable.shape)
    assigned.push(graph.add('AssignVariableOp', [handle, value], [['dtype', graphAttribute.type(FLOAT)]]))
    return { name, shape: variable.shape, read: `${read}:0`, feed: `${value}:0` }
  })
  const nothing = graph.addConstant(FLOAT, [], new Uint8Array(4))
  graph.addIdentity('initialised', nothing, FLOAT, assigned)
  return result
}

function addLoop({ graph, functions }: GraphRecorder, name: string, options: LoopOptions): StepLoop {
  const [output] = functions.get(name)?.outputs ?? []
  if (!output) throw new Error(`nothing was recorded under the name ${name}`)
  const node = output.fetch.split(':')[0] as string
  return addStepLoop(graph, { name, result: { ...output, node } }, options)
}

/** One after another; zeros after them up to `length`. */
function stack(parts: readonly Values[], length: number): Values {
  const [first] = parts as [Values]
  const all = new (first.constructor as Uint8ArrayConstructor)(length * first.length)
  parts.forEach((part, i) => void all.set(part, i * first.length))
  return all
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
