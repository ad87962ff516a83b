import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'

/** Max pooling over size x size windows; `same` padding, the default, keeps the size at stride 1. */
export function maxPooling(
  input: SymbolicTensor,
  name: string,
  { size, stride, padding = 'same' }: { size: number; stride: number; padding?: 'same' | 'valid' },
): SymbolicTensor {
  return applyLayer(tf.layers.maxPooling2d({ name, poolSize: size, strides: stride, padding }), input)
}
