import type { SymbolicTensor } from '../tensorflow.ts'
import { applyLayer } from './layers/apply-layer.ts'
import { classify } from './layers/classifier.ts'
import { activatedConvolution, normalizedConvolution } from './layers/convolution.ts'
import { maxPooling } from './layers/max-pooling.ts'
import { reluLayer } from './layers/relu.ts'
import { residualAddition } from './layers/residual-addition.ts'
import { zeroPadding } from './layers/zero-padding.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'

/** Table 1 of the paper: blocks of each stage. */
const BLOCKS: Record<string, number[]> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] }

/** Blocks of this depth and more are bottlenecks, whose output is four times as wide as their 3x3 convolution. */
const BOTTLENECK_DEPTH = 50
const EXPANSION = 4

/**
 * `imagenet-resnet-D`: ResNet-18, 34 and 50 (He et al. 2016, table 1) as torchvision has them: where a block
 * shrinks, its 3x3 convolution has the stride, and padding is even on all sides, so that published weights give
 * the published answers. The stem is the 7x7 convolution with stride 2 and max pooling whatever the image's size.
 */
export function buildImagenetResnet(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { architecture, prefix } = options
  const depth = Number(architecture.split('-').at(-1))
  const buildBlock = depth < BOTTLENECK_DEPTH ? basicBlock : bottleneckBlock
  const stem = activatedConvolution(input, `${prefix}stem`, { channels: 64, size: 7, stride: 2, padding: 3 })
  const padded = zeroPadding(stem, `${prefix}stem_pool_padding`, 1)
  let x = maxPooling(padded, `${prefix}stem_pool`, { size: 3, stride: 2, padding: 'valid' })
  BLOCKS[depth]?.forEach((blocks, stage) => {
    for (let block = 0; block < blocks; block++) {
      const name = `${prefix}stage${stage + 1}_block${block + 1}`
      x = buildBlock(x, name, { channels: 64 * 2 ** stage, stride: block === 0 && stage > 0 ? 2 : 1 })
    }
  })
  return classify(x, options)
}

interface BlockShape {
  channels: number
  stride: number
}

function basicBlock(input: SymbolicTensor, name: string, { channels, stride }: BlockShape): SymbolicTensor {
  const hidden = activatedConvolution(input, `${name}_conv1`, { channels, size: 3, stride, padding: 1 })
  const branch = normalizedConvolution(hidden, `${name}_conv2`, { channels, size: 3, stride: 1 })
  return addShortcut(input, branch, name, { channels, stride })
}

function bottleneckBlock(
  input: SymbolicTensor,
  name: string,
  { channels, stride }: BlockShape,
): SymbolicTensor {
  const narrow = activatedConvolution(input, `${name}_conv1`, { channels, size: 1, stride: 1 })
  const hidden = activatedConvolution(narrow, `${name}_conv2`, { channels, size: 3, stride, padding: 1 })
  const wide = { channels: channels * EXPANSION, size: 1, stride: 1 }
  const branch = normalizedConvolution(hidden, `${name}_conv3`, wide)
  return addShortcut(input, branch, name, { channels: wide.channels, stride })
}

function addShortcut(
  input: SymbolicTensor,
  branch: SymbolicTensor,
  name: string,
  { channels, stride }: BlockShape,
): SymbolicTensor {
  const changesShape = stride !== 1 || input.shape[3] !== channels
  const shortcut = changesShape
    ? normalizedConvolution(input, `${name}_shortcut`, { channels, size: 1, stride })
    : input
  return applyLayer(reluLayer(`${name}_relu`), residualAddition(branch, shortcut, `${name}_add`))
}
