import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'

/** Max pooling over size x size windows, padded so that stride 1 keeps the size. */
export function maxPooling(
  input: SymbolicTensor,
  name: string,
  { size, stride }: { size: number; stride: number },
): SymbolicTensor {
  return applyLayer(tf.layers.maxPooling2d({ name, poolSize: size, strides: stride, padding: 'same' }), input)
}
