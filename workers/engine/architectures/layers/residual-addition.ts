import { type SymbolicTensor, tf } from '../../tensorflow.ts'

/** A branch added to its shortcut, both of one shape. */
export function residualAddition(
  branch: SymbolicTensor,
  shortcut: SymbolicTensor,
  name: string,
): SymbolicTensor {
  return tf.layers.add({ name }).apply([branch, shortcut]) as SymbolicTensor
}
