import type { SymbolicTensor } from '../../tensorflow.ts'

/** Applies a layer that has a single output; the declared type allows several. */
export function applyLayer(
  layer: { apply(input: SymbolicTensor): unknown },
  input: SymbolicTensor,
): SymbolicTensor {
  return layer.apply(input) as SymbolicTensor
}
