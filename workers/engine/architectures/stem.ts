/** The first layers of a network, chosen by image size; shared by all families. */
import type { SymbolicTensor } from '../tensorflow.ts'
import { activatedConvolution, type convolution } from './layers/convolution.ts'
import { maxPooling } from './layers/max-pooling.ts'

/**
 * Images whose longer side has at most this many pixels keep their full size in the stem, as CIFAR's 32x32
 * do.
 */
const MAX_SMALL_SIDE = 64

/** @param input [batch, height, width, channels] */
export function hasSmallPictures({ shape: [, height, width] }: SymbolicTensor): boolean {
  return Math.max(height as number, width as number) <= MAX_SMALL_SIDE
}

/**
 * For small images, a 3x3 convolution with stride 1. For larger ones, a 7x7 convolution and 3x3 max pooling
 * with stride 2 each, as in the published ImageNet networks, which leaves a quarter of the height and width.
 * @param convolve builds the convolution, by default with batch normalisation and ReLU
 */
export function buildStem(
  input: SymbolicTensor,
  prefix: string,
  channels: number,
  convolve: typeof convolution = activatedConvolution,
): SymbolicTensor {
  if (hasSmallPictures(input)) return convolve(input, `${prefix}stem`, { channels, size: 3, stride: 1 })
  const halved = convolve(input, `${prefix}stem`, { channels, size: 7, stride: 2 })
  return maxPooling(halved, `${prefix}stem_pool`, { size: 3, stride: 2 })
}
