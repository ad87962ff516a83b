import { type SymbolicTensor, tf } from '../tensorflow.ts'
import type { NetworkOptions, NetworkOutputs } from './index.ts'
import { batchNormalization } from './layers/batch-normalization.ts'
import { globalAveragePooling } from './layers/global-average-pooling.ts'
import { reluLayer } from './layers/relu.ts'

const STAGES = [
  { channels: 16, stride: 1 },
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
] as const

/**
 * ResNet of depth 6n+2 for small pictures (He et al. 2016, section 4.2): a 3x3 stem, three stages of n blocks, global
 * average pooling. Where a shortcut changes shape it is a 1x1 convolution (option B).
 */
export function buildResnet(
  input: SymbolicTensor,
  { architecture, classes, prefix }: NetworkOptions,
): NetworkOutputs {
  const blocksPerStage = (Number(architecture.split('-')[1]) - 2) / 6
  const stem = convolution(input, `${prefix}stem`, { channels: 16, stride: 1, size: 3 })
  let x = apply(reluLayer(`${prefix}stem_relu`), stem)
  STAGES.forEach(({ channels, stride }, stage) => {
    for (let block = 0; block < blocksPerStage; block++) {
      const name = `${prefix}stage${stage + 1}_block${block + 1}`
      x = residualBlock(x, name, { channels, stride: block === 0 ? stride : 1 })
    }
  })
  const features = apply(globalAveragePooling(`${prefix}features`), x)
  const logits = apply(
    tf.layers.dense({ name: `${prefix}logits`, units: classes, kernelInitializer: 'zeros' }),
    features,
  )
  return { features, logits }
}

function residualBlock(
  input: SymbolicTensor,
  name: string,
  shape: { channels: number; stride: number },
): SymbolicTensor {
  const first = convolution(input, `${name}_conv1`, { ...shape, size: 3 })
  const hidden = apply(reluLayer(`${name}_relu1`), first)
  const second = convolution(hidden, `${name}_conv2`, { channels: shape.channels, stride: 1, size: 3 })
  const changesShape = shape.stride !== 1 || input.shape[3] !== shape.channels
  const shortcut = changesShape ? convolution(input, `${name}_shortcut`, { ...shape, size: 1 }) : input
  const sum = tf.layers.add({ name: `${name}_add` }).apply([second, shortcut]) as SymbolicTensor
  return apply(reluLayer(`${name}_relu2`), sum)
}

/** A convolution without bias, then batch normalisation. */
function convolution(
  input: SymbolicTensor,
  name: string,
  { channels, stride, size }: { channels: number; stride: number; size: number },
): SymbolicTensor {
  const layer = tf.layers.conv2d({
    name,
    filters: channels,
    kernelSize: size,
    strides: stride,
    padding: 'same',
    useBias: false,
    // The weights are set afterwards, from the run's seed.
    kernelInitializer: 'zeros',
  })
  return apply(batchNormalization(`${name}_bn`), apply(layer, input))
}

function apply(layer: { apply(input: SymbolicTensor): unknown }, input: SymbolicTensor): SymbolicTensor {
  return layer.apply(input) as SymbolicTensor
}
