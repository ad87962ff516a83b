import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATA_TYPE, nativeBinding } from '../tensorflow.ts'
import { FLOAT, graphAttribute } from './graph-def.ts'
import type { GraphRecorder, RecordedFunction } from './recorder.ts'

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

  private constructor(
    savedModel: number,
    functions: ReadonlyMap<string, RecordedFunction>,
    variables: SessionVariable[],
  ) {
    this.savedModel = savedModel
    this.functions = functions
    this.variables = variables
  }

  /** Loads the recorded graph, with every variable at its initial value. */
  static open(recorder: GraphRecorder): Session {
    const variables = addInitialisation(recorder)
    const folder = mkdtempSync(join(tmpdir(), 'studyhall-graph-'))
    try {
      writeFileSync(join(folder, 'saved_model.pb'), recorder.graph.serialize())
      const session = new Session(
        nativeBinding.loadSavedModel(folder, 'serve'),
        recorder.functions,
        variables,
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
