import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'

/**
 * Zeros around feature maps, as many on every side. PyTorch pads so; `same` padding puts more after than before
 * where strides leave an odd number, so weights trained with the one are off by a pixel with the other.
 */
export function zeroPadding(input: SymbolicTensor, name: string, pixels: number): SymbolicTensor {
  const padding: [[number, number], [number, number]] = [
    [pixels, pixels],
    [pixels, pixels],
  ]
  return applyLayer(tf.layers.zeroPadding2d({ name, padding }), input)
}
