import { type SymbolicTensor, tf } from '../tensorflow.ts'
import { classify } from './layers/classifier.ts'
import { activatedConvolution } from './layers/convolution.ts'
import { maxPooling } from './layers/max-pooling.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'
import { buildStem, hasSmallPictures } from './stem.ts'

/**
 * Channels of a module's convolutions: 1x1, the 1x1 before the 3x3, 3x3, the 1x1 before the 5x5, 5x5, 1x1
 * after pooling.
 */
type ModuleChannels = [
  one: number,
  reduce3: number,
  three: number,
  reduce5: number,
  five: number,
  pool: number,
]

/** Table 1 of the paper, grouped by feature map size; pooling halves it between the groups. */
const STAGES: Record<string, ModuleChannels>[] = [
  {
    '3a': [64, 96, 128, 16, 32, 32],
    '3b': [128, 128, 192, 32, 96, 64],
  },
  {
    '4a': [192, 96, 208, 16, 48, 64],
    '4b': [160, 112, 224, 24, 64, 64],
    '4c': [128, 128, 256, 24, 64, 64],
    '4d': [112, 144, 288, 32, 64, 64],
    '4e': [256, 160, 320, 32, 128, 128],
  },
  {
    '5a': [256, 160, 320, 32, 128, 128],
    '5b': [384, 192, 384, 48, 128, 128],
  },
]

/**
 * `inception-v1`: GoogLeNet (Szegedy et al. 2015, table 1) with batch normalisation after every convolution
 * (Ioffe and Szegedy 2015) instead of local response normalisation, without dropout and without auxiliary
 * classifiers, which batch normalisation makes unnecessary. Images of up to 64 pixels keep their size up to
 * module 3b: the first convolution is 3x3 with stride 1, and the two poolings before module 3a are omitted,
 * so that a 32x32 image is reduced to 8x8.
 */
export function buildInceptionV1(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const { prefix } = options
  let x = buildStem(input, prefix, 64)
  x = activatedConvolution(x, `${prefix}conv2_reduce`, { channels: 64, size: 1, stride: 1 })
  x = activatedConvolution(x, `${prefix}conv2`, { channels: 192, size: 3, stride: 1 })
  if (!hasSmallPictures(input)) x = maxPooling(x, `${prefix}conv2_pool`, { size: 3, stride: 2 })
  STAGES.forEach((modules, stage) => {
    if (stage > 0) x = maxPooling(x, `${prefix}stage${stage}_pool`, { size: 3, stride: 2 })
    for (const [name, channels] of Object.entries(modules)) {
      x = inceptionModule(x, `${prefix}module${name}`, channels)
    }
  })
  return classify(x, options)
}

/** Four parallel branches (figure 2b of the paper), concatenated along the channels. */
function inceptionModule(
  input: SymbolicTensor,
  name: string,
  [one, reduce3, three, reduce5, five, pool]: ModuleChannels,
): SymbolicTensor {
  const convolve = (x: SymbolicTensor, part: string, channels: number, size: number) =>
    activatedConvolution(x, `${name}_${part}`, { channels, size, stride: 1 })
  const branches = [
    convolve(input, '1x1', one, 1),
    convolve(convolve(input, '3x3_reduce', reduce3, 1), '3x3', three, 3),
    convolve(convolve(input, '5x5_reduce', reduce5, 1), '5x5', five, 5),
    convolve(maxPooling(input, `${name}_pool`, { size: 3, stride: 1 }), 'pool_1x1', pool, 1),
  ]
  return tf.layers.concatenate({ name: `${name}_concatenate` }).apply(branches) as SymbolicTensor
}
