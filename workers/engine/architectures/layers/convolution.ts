import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import { applyLayer } from './apply-layer.ts'
import { batchNormalization } from './batch-normalization.ts'
import { reluLayer } from './relu.ts'
import { zeroPadding } from './zero-padding.ts'

export interface ConvolutionShape {
  /** Output channels. */
  channels: number
  /** Height and width of the kernel. */
  size: number
  stride: number
  /** Zeros on every side; without it `same` padding, which keeps the size at stride 1. */
  padding?: number
}

/** A convolution without bias. Its kernel is initialised to zero. */
export function convolution(input: SymbolicTensor, name: string, shape: ConvolutionShape): SymbolicTensor {
  const { channels, size, stride, padding } = shape
  const layer = tf.layers.conv2d({
    name,
    filters: channels,
    kernelSize: size,
    strides: stride,
    padding: padding === undefined ? 'same' : 'valid',
    useBias: false,
    // `buildStudent` sets the weights from the run's seed.
    kernelInitializer: 'zeros',
  })
  return applyLayer(layer, pad(input, name, padding))
}

/** As `convolution`, with a separate size x size kernel per channel. */
export function depthwiseConvolution(
  input: SymbolicTensor,
  name: string,
  { size, stride, padding }: Omit<ConvolutionShape, 'channels'>,
): SymbolicTensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize: size,
    strides: stride,
    padding: padding === undefined ? 'same' : 'valid',
    useBias: false,
    depthwiseInitializer: 'zeros',
  })
  return applyLayer(layer, pad(input, name, padding))
}

function pad(input: SymbolicTensor, name: string, pixels: number | undefined): SymbolicTensor {
  return pixels === undefined ? input : zeroPadding(input, `${name}_padding`, pixels)
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
