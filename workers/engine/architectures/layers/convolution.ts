import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'
import { batchNormalization } from './batch-normalization.ts'
import { reluLayer } from './relu.ts'

export interface ConvolutionShape {
  /** Of the output. */
  channels: number
  /** Height and width of the kernel. */
  size: number
  stride: number
}

/** A convolution without bias, padded so that stride 1 keeps the size. Its kernel starts at zero. */
export function convolution(input: SymbolicTensor, name: string, shape: ConvolutionShape): SymbolicTensor {
  const { channels, size, stride } = shape
  const layer = tf.layers.conv2d({
    name,
    filters: channels,
    kernelSize: size,
    strides: stride,
    padding: 'same',
    useBias: false,
    // The weights are set afterwards, from the run's seed.
    kernelInitializer: 'zeros',
  })
  return applyLayer(layer, input)
}

/** Each channel convolved with a kernel of its own, size x size; otherwise as `convolution`. */
export function depthwiseConvolution(
  input: SymbolicTensor,
  name: string,
  { size, stride }: Omit<ConvolutionShape, 'channels'>,
): SymbolicTensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize: size,
    strides: stride,
    padding: 'same',
    useBias: false,
    depthwiseInitializer: 'zeros',
  })
  return applyLayer(layer, input)
}

/** Convolution, then batch normalisation. */
export function normalizedConvolution(
  input: SymbolicTensor,
  name: string,
  shape: ConvolutionShape,
): SymbolicTensor {
  return applyLayer(batchNormalization(`${name}_bn`), convolution(input, name, shape))
}

/** Convolution, batch normalisation, ReLU. */
export function activatedConvolution(
  input: SymbolicTensor,
  name: string,
  shape: ConvolutionShape,
): SymbolicTensor {
  return applyLayer(reluLayer(`${name}_relu`), normalizedConvolution(input, name, shape))
}

/** Batch normalisation, then ReLU, under names that begin with `name`. */
export function normalizeAndActivate(input: SymbolicTensor, name: string): SymbolicTensor {
  return applyLayer(reluLayer(`${name}_relu`), applyLayer(batchNormalization(`${name}_bn`), input))
}
