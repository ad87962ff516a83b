import type { SymbolicTensor } from '../../tensorflow.ts'

/** A layer's output, which its declarations leave open between one and several. */
export function applyLayer(
  layer: { apply(input: SymbolicTensor): unknown },
  input: SymbolicTensor,
): SymbolicTensor {
  return layer.apply(input) as SymbolicTensor
}
