import type { SymbolicTensor } from '../tensorflow.ts'
import { applyLayer } from './layers/apply-layer.ts'
import { batchNormalization } from './layers/batch-normalization.ts'
import { classify } from './layers/classifier.ts'
import { type ConvolutionShape, depthwiseConvolution, normalizedConvolution } from './layers/convolution.ts'
import { relu6Layer } from './layers/relu6.ts'
import { residualAddition } from './layers/residual-addition.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'

/** Table 2 of the paper: expansion, channels, blocks, stride of the first one. */
const STAGES = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
]
const STEM_CHANNELS = 32
const LAST_CHANNELS = 1280

/**
 * `mobilenet-v2` and `mobilenet-v2-A`: MobileNetV2 (Sandler et al. 2018) as torchvision has it, with width
 * multiplier A, which defaults to 1: inverted residuals with ReLU6, padding that is even on all sides, so that
 * published weights give the published answers. The strides are the published ones whatever the image's size.
 * Without the dropout before the classifier.
 */
export function buildMobilenetV2(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { architecture, prefix } = options
  const width = Number(architecture.split('-')[2] ?? 1)
  const stem = { channels: roundChannels(STEM_CHANNELS * width), size: 3, stride: 2, padding: 1 }
  let x = cappedConvolution(input, `${prefix}stem`, stem)
  let number = 0
  for (const { expansion, channels, blocks, stride } of STAGES) {
    for (let block = 0; block < blocks; block++) {
      number++
      const shape = { channels: roundChannels(channels * width), stride: block === 0 ? stride : 1 }
      x = invertedResidual(x, `${prefix}block${number}`, { ...shape, expansion })
    }
  }
  const last = { channels: roundChannels(LAST_CHANNELS * Math.max(1, width)), size: 1, stride: 1 }
  return classify(cappedConvolution(x, `${prefix}last`, last), options)
}

function invertedResidual(
  input: SymbolicTensor,
  name: string,
  { channels, stride, expansion }: { channels: number; stride: number; expansion: number },
): SymbolicTensor {
  const inputs = input.shape[3] as number
  const expanded =
    expansion === 1
      ? input
      : cappedConvolution(input, `${name}_expand`, { channels: inputs * expansion, size: 1, stride: 1 })
  const depthwise = depthwiseConvolution(expanded, `${name}_depthwise`, { size: 3, stride, padding: 1 })
  const hidden = normalizeAndCap(depthwise, `${name}_depthwise`)
  const projected = normalizedConvolution(hidden, `${name}_project`, { channels, size: 1, stride: 1 })
  return stride === 1 && inputs === channels ? residualAddition(input, projected, `${name}_add`) : projected
}

/** Convolution, batch normalisation, ReLU6. */
function cappedConvolution(input: SymbolicTensor, name: string, shape: ConvolutionShape): SymbolicTensor {
  return applyLayer(relu6Layer(`${name}_relu6`), normalizedConvolution(input, name, shape))
}

function normalizeAndCap(input: SymbolicTensor, name: string): SymbolicTensor {
  return applyLayer(relu6Layer(`${name}_relu6`), applyLayer(batchNormalization(`${name}_bn`), input))
}

/** To a multiple of 8, never by more than a tenth down, as the authors' code does. */
function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return rounded < 0.9 * channels ? rounded + 8 : rounded
}
