import { type SymbolicTensor, tf } from '../../tensorflow.ts'

/** Adds a branch to its shortcut of the same shape. */
export function residualAddition(
  branch: SymbolicTensor,
  shortcut: SymbolicTensor,
  name: string,
): SymbolicTensor {
  return tf.layers.add({ name }).apply([branch, shortcut]) as SymbolicTensor
}
