import type { SymbolicTensor } from '../tensorflow.ts'
import { classify } from './layers/classifier.ts'
import { activatedConvolution } from './layers/convolution.ts'
import { maxPooling } from './layers/max-pooling.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'
import { buildStem } from './stem.ts'

/**
 * `convnet` and `convnet-A`: three 3x3 convolutions with 32A, 64A and 128A channels (A defaults to 1), each
 * followed by batch normalisation and ReLU, with 2x2 max pooling in between and global average pooling at the
 * end. Not from a paper; small and fast, for tests and demos. Images above 64 pixels are first reduced to a
 * quarter of their height and width by a 7x7 convolution and max pooling.
 */
export function buildConvnet(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { architecture, prefix } = options
  const width = Number(architecture.split('-')[1] ?? 1)
  let x = buildStem(input, prefix, 32 * width)
  for (const channels of [64, 128]) {
    const halved = maxPooling(x, `${prefix}pool${channels}`, { size: 2, stride: 2 })
    x = activatedConvolution(halved, `${prefix}conv${channels}`, {
      channels: channels * width,
      size: 3,
      stride: 1,
    })
  }
  return classify(x, options)
}
