/**
 * Rows of bytes that lie on the device, such as the images of a split. A function that needs some of them is
 * given their indices only.
 */
import { DATA_TYPE } from '../tensorflow.ts'
import { type GraphWriter, graphAttribute } from './graph-def.ts'

export interface ResidentRows {
  /** [rows, ...]. */
  shape: number[]
  handle: string
  /** What sets them: a tensor to feed, and one to fetch. */
  feed: string
  filled: string
}

export function addResidentRows(graph: GraphWriter, name: string, shape: number[]): ResidentRows {
  const dtype = graphAttribute.type(DATA_TYPE.uint8)
  const handle = graph.add(
    'VarHandleOp',
    [],
    [
      ['dtype', dtype],
      ['shape', graphAttribute.shape(shape)],
      ['shared_name', graphAttribute.text(name)],
      ['container', graphAttribute.text('')],
    ],
    { name },
  )
  const feed = graph.addPlaceholder(`${name}_rows`, DATA_TYPE.uint8, shape)
  const assigned = graph.add('AssignVariableOp', [handle, feed], [['dtype', dtype]])
  const nothing = graph.addConstant(DATA_TYPE.float32, [], new Uint8Array(4))
  const filled = graph.addIdentity(`${name}_filled`, nothing, DATA_TYPE.float32, [assigned])
  return { shape, handle, feed: `${feed}:0`, filled: `${filled}:0` }
}

/** @returns a reference to the rows with these int32 indices */
export function gatherRows(graph: GraphWriter, { handle }: ResidentRows, indices: string): string {
  const node = graph.add(
    'ResourceGather',
    [handle, indices],
    [
      ['dtype', graphAttribute.type(DATA_TYPE.uint8)],
      ['Tindices', graphAttribute.type(DATA_TYPE.int32)],
      ['batch_dims', graphAttribute.integer(0)],
      ['validate_indices', graphAttribute.truth(true)],
    ],
  )
  return `${node}:0`
}
