import type { SymbolicTensor } from '../tensorflow.ts'
import { applyLayer } from './layers/apply-layer.ts'
import { classify } from './layers/classifier.ts'
import { activatedConvolution, normalizedConvolution } from './layers/convolution.ts'
import { reluLayer } from './layers/relu.ts'
import { residualAddition } from './layers/residual-addition.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'
import { buildStem } from './stem.ts'

const STAGES = [
  { channels: 16, stride: 1 },
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
] as const

/**
 * `resnet-D`: ResNet of depth D = 6n+2 (He et al. 2016, section 4.2): a stem with 16 channels, three stages
 * of n blocks, global average pooling. Shortcuts that change shape are 1x1 convolutions (option B). Images
 * above 64 pixels use the stem of the same paper's ImageNet networks, a 7x7 convolution and max pooling,
 * which quarters height and width.
 */
export function buildResnet(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { architecture, prefix } = options
  const blocksPerStage = (Number(architecture.split('-')[1]) - 2) / 6
  let x = buildStem(input, prefix, 16)
  STAGES.forEach(({ channels, stride }, stage) => {
    for (let block = 0; block < blocksPerStage; block++) {
      const name = `${prefix}stage${stage + 1}_block${block + 1}`
      x = residualBlock(x, name, { channels, stride: block === 0 ? stride : 1 })
    }
  })
  return classify(x, options)
}

function residualBlock(
  input: SymbolicTensor,
  name: string,
  shape: { channels: number; stride: number },
): SymbolicTensor {
  const hidden = activatedConvolution(input, `${name}_conv1`, { ...shape, size: 3 })
  const branch = normalizedConvolution(hidden, `${name}_conv2`, { ...shape, size: 3, stride: 1 })
  const changesShape = shape.stride !== 1 || input.shape[3] !== shape.channels
  const shortcut = changesShape
    ? normalizedConvolution(input, `${name}_shortcut`, { ...shape, size: 1 })
    : input
  return applyLayer(reluLayer(`${name}_relu`), residualAddition(branch, shortcut, `${name}_add`))
}
