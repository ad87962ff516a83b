import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'
import { batchNormalization } from './batch-normalization.ts'
import { reluLayer } from './relu.ts'

export interface ConvolutionShape {
  /** Output channels. */
  channels: number
  /** Height and width of the kernel. */
  size: number
  stride: number
}

/** A convolution without bias, padded so that stride 1 keeps the size. Its kernel is initialised to zero. */
export function convolution(input: SymbolicTensor, name: string, shape: ConvolutionShape): SymbolicTensor {
  const { channels, size, stride } = shape
  const layer = tf.layers.conv2d({
    name,
    filters: channels,
    kernelSize: size,
    strides: stride,
    padding: 'same',
    useBias: false,
    // `buildStudent` sets the weights from the run's seed.
    kernelInitializer: 'zeros',
  })
  return applyLayer(layer, input)
}

/** As `convolution`, with a separate size x size kernel per channel. */
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

/** Batch normalisation, then ReLU; layer names start with `name`. */
export function normalizeAndActivate(input: SymbolicTensor, name: string): SymbolicTensor {
  return applyLayer(reluLayer(`${name}_relu`), applyLayer(batchNormalization(`${name}_bn`), input))
}
