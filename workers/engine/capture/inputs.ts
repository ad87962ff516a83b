import { DATA_TYPE, type InputType } from '../tensorflow.ts'
import type { GraphWriter } from './graph-def.ts'
import { gatherRows, type ResidentRows } from './resident-rows.ts'

interface Input {
  dtype: InputType
  shape: readonly number[]
  /** Where the input lies on the device already: then the function is fed its rows' int32 indices instead. */
  rowsOf?: ResidentRows | undefined
}

export type Signature = Record<string, Input>

/** An input of a recorded function, as it is fed. */
export interface RecordedInput {
  name: string
  dtype: InputType
  shape: number[]
  feed: string
}

/** @returns how the input is fed, and a reference to what the function works with */
export function addInput(graph: GraphWriter, functionName: string, name: string, input: Input) {
  const { rowsOf } = input
  const dtype = rowsOf ? 'int32' : input.dtype
  const shape = rowsOf ? input.shape.slice(0, 1) : [...input.shape]
  const placeholder = graph.addPlaceholder(`${functionName}_in_${name}`, DATA_TYPE[dtype], shape)
  const feed = `${placeholder}:0`
  const fed: RecordedInput = { name, dtype, shape, feed }
  return { fed, value: rowsOf ? gatherRows(graph, rowsOf, feed) : feed }
}
