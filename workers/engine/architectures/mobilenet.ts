import type { SymbolicTensor } from '../tensorflow.ts'
import { classify } from './layers/classifier.ts'
import { activatedConvolution, depthwiseConvolution, normalizeAndActivate } from './layers/convolution.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'
import { hasSmallPictures } from './stem.ts'

/** Table 1 of the paper, without the first convolution. */
const BLOCKS = [
  { channels: 64, stride: 1 },
  { channels: 128, stride: 2 },
  { channels: 128, stride: 1 },
  { channels: 256, stride: 2 },
  { channels: 256, stride: 1 },
  { channels: 512, stride: 2 },
  ...Array.from({ length: 5 }, () => ({ channels: 512, stride: 1 })),
  { channels: 1024, stride: 2 },
  { channels: 1024, stride: 1 },
]

/**
 * `mobilenet` and `mobilenet-A`: MobileNet v1 (Howard et al. 2017) with width multiplier A, which defaults to
 * 1. A block is a 3x3 depthwise and a 1x1 convolution, each followed by batch normalisation and ReLU. The
 * first convolution has stride 2 as published, but stride 1 for images of up to 64 pixels, so that a 32x32
 * image is reduced to 2x2.
 */
export function buildMobilenet(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { architecture, prefix } = options
  const width = Number(architecture.split('-')[1] ?? 1)
  const stride = hasSmallPictures(input) ? 1 : 2
  let x = activatedConvolution(input, `${prefix}stem`, { channels: width * 32, size: 3, stride })
  BLOCKS.forEach(({ channels, stride }, block) => {
    x = separableBlock(x, `${prefix}block${block + 1}`, { channels: width * channels, stride })
  })
  return classify(x, options)
}

function separableBlock(
  input: SymbolicTensor,
  name: string,
  { channels, stride }: { channels: number; stride: number },
): SymbolicTensor {
  const depthwise = depthwiseConvolution(input, `${name}_depthwise`, { size: 3, stride })
  const activated = normalizeAndActivate(depthwise, `${name}_depthwise`)
  return activatedConvolution(activated, `${name}_pointwise`, { channels, size: 1, stride: 1 })
}
