import type { SymbolicTensor } from '../tensorflow.ts'
import { classify } from './layers/classifier.ts'
import { convolution, normalizeAndActivate } from './layers/convolution.ts'
import { residualAddition } from './layers/residual-addition.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'
import { buildStem } from './stem.ts'

const STAGES = [
  { channels: 16, stride: 1 },
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
] as const

/**
 * `wrn-D-W`: Wide ResNet of depth D = 6n+4, W times as wide as a ResNet (Zagoruyko and Komodakis 2016): a
 * convolution with 16 channels, three stages of n pre-activation blocks with 16W, 32W and 64W channels, a
 * final batch normalisation and ReLU, global average pooling. Without the paper's optional dropout. Images
 * above 64 pixels are first reduced to a quarter of their height and width by a 7x7 convolution and max
 * pooling.
 */
export function buildWideResnet(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { architecture, prefix } = options
  const [depth, width] = architecture.split('-').slice(1).map(Number) as [number, number]
  const blocksPerStage = (depth - 4) / 6
  let x = buildStem(input, prefix, 16, convolution)
  STAGES.forEach(({ channels, stride }, stage) => {
    for (let block = 0; block < blocksPerStage; block++) {
      const name = `${prefix}stage${stage + 1}_block${block + 1}`
      x = preActivationBlock(x, name, { channels: width * channels, stride: block === 0 ? stride : 1 })
    }
  })
  return classify(normalizeAndActivate(x, `${prefix}last`), options)
}

/** Batch normalisation and ReLU precede each convolution (He et al. 2016, "Identity mappings", figure 4e). */
function preActivationBlock(
  input: SymbolicTensor,
  name: string,
  shape: { channels: number; stride: number },
): SymbolicTensor {
  const activated = normalizeAndActivate(input, `${name}_input`)
  const first = convolution(activated, `${name}_conv1`, { ...shape, size: 3 })
  const hidden = normalizeAndActivate(first, `${name}_conv1`)
  const branch = convolution(hidden, `${name}_conv2`, { ...shape, size: 3, stride: 1 })
  const changesShape = shape.stride !== 1 || input.shape[3] !== shape.channels
  const shortcut = changesShape ? convolution(activated, `${name}_shortcut`, { ...shape, size: 1 }) : input
  return residualAddition(branch, shortcut, `${name}_add`)
}
