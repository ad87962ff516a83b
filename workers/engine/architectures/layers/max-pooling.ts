import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'

/** The largest value of each size x size window, padded so that stride 1 keeps the size. */
export function maxPooling(
  input: SymbolicTensor,
  name: string,
  { size, stride }: { size: number; stride: number },
): SymbolicTensor {
  return applyLayer(tf.layers.maxPooling2d({ name, poolSize: size, strides: stride, padding: 'same' }), input)
}
