/** How a network begins, by the size of its images: the one rule for every family. */
import type { SymbolicTensor } from '../tensorflow.ts'
import { activatedConvolution, type convolution } from './layers/convolution.ts'
import { maxPooling } from './layers/max-pooling.ts'

/** Pixels of the longer side up to which an image keeps its full size in the stem, as CIFAR's 32x32 does. */
const LARGEST_SMALL_SIDE = 64

/** @param input [batch, height, width, channels] */
export function hasSmallPictures({ shape: [, height, width] }: SymbolicTensor): boolean {
  return Math.max(height as number, width as number) <= LARGEST_SMALL_SIDE
}

/**
 * Small images: a 3x3 convolution of stride 1. Larger ones: a 7x7 convolution and a 3x3 max pooling of stride 2 each,
 * as the published networks for ImageNet, so that a quarter of the height and width is left.
 * @param convolve what makes the convolution, by default with batch normalisation and ReLU
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
