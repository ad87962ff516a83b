import { describe, expect, it } from 'vitest'
import {
  ARCHITECTURE_FAMILIES,
  type ArchitectureFamilyName,
  listedArchitectures,
} from '../../../../contract/architectures.ts'
import { sizeOfNetwork } from '../../../../contract/networks/network-size.ts'
import { buildNetwork } from '../../../../workers/engine/architectures/index.ts'
import { measureNetwork } from '../../../../workers/engine/architectures/measure-network.ts'
import { drawInitialWeight } from '../../../../workers/engine/students/initial-weights.ts'
import { type SymbolicTensor, type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'

/**
 * Trainable parameters at 100 classes on 32x32 RGB. Published, rounded: ResNet-20/32/44/56/110 0.27/0.46/0.66/0.85/1.7 M
 * at 10 classes (option A shortcuts, without parameters), WRN-16-4 2.7 M, WRN-28-10 36.5 M, MobileNet 3.3 M at 100 classes
 * and, at 1000, width 1/0.75/0.5/0.25 4.2/2.6/1.3/0.5 M, 900 · 1024A weights and 900 biases more than here.
 */
const PARAMETERS: Record<string, number> = {
  'resnet-8': 83_892,
  'resnet-14': 181_108,
  'resnet-20': 278_324,
  'resnet-32': 472_756,
  'resnet-44': 667_188,
  'resnet-56': 861_620,
  'resnet-110': 1_736_564,
  // Torchvision's 11,689,512, 21,797,672 and 25,557,032 at 1000 classes, 900 · 512 (2048) weights and 900 biases more than here.
  'imagenet-resnet-18': 11_689_512 - 900 * 513,
  'imagenet-resnet-34': 21_797_672 - 900 * 513,
  'imagenet-resnet-50': 25_557_032 - 900 * 2049,
  'wrn-10-2': 315_316,
  'wrn-16-4': 2_772_020,
  'wrn-28-10': 36_536_884,
  'mobilenet-0.25': 238_772,
  'mobilenet-0.5': 869_892,
  'mobilenet-0.75': 1_893_460,
  mobilenet: 3_309_476,
  // Torchvision's 3,504,872 at 1000 classes; timm's mobilenetv2_050 and 075 have 1.97 and 2.64 M.
  'mobilenet-v2-0.25': 1_519_112 - 900 * 1281,
  'mobilenet-v2-0.5': 1_968_680 - 900 * 1281,
  'mobilenet-v2-0.75': 2_636_424 - 900 * 1281,
  'mobilenet-v2': 3_504_872 - 900 * 1281,
  // A convolution has in · out · size² weights and 2 · out of its batch normalisation. Stem 3x3, 1x1 and 3x3:
  'inception-v1':
    1_856 +
    4_224 +
    110_976 +
    // Modules 3a, 3b, of 192 and 256 input channels;
    164_064 +
    389_376 +
    // 4a to 4e, of 480, 512, 512, 512 and 528;
    376_800 +
    449_808 +
    510_768 +
    606_080 +
    869_376 +
    // 5a, 5b, of 832; the linear layer of 1024 features.
    1_044_480 +
    1_445_344 +
    102_500,
  // 27·32A + 9·32A·64A + 9·64A·128A weights, 2 · 224A of batch normalisation, (128A + 1) · 100 of the linear layer.
  'convnet-0.25': 9_388,
  'convnet-0.5': 30_196,
  'convnet-0.75': 62_524,
  convnet: 106_372,
}

/** Height and width of the last feature map for images of these heights and widths. */
const FEATURE_MAPS: Record<ArchitectureFamilyName, Record<string, string>> = {
  resnet: {
    '28x28': '7x7',
    '32x32': '8x8',
    '64x64': '16x16',
    '96x96': '6x6',
    '160x64': '10x4',
    '224x224': '14x14',
  },
  'imagenet-resnet': {
    '28x28': '1x1',
    '32x32': '1x1',
    '64x64': '2x2',
    '96x96': '3x3',
    '160x64': '5x2',
    '224x224': '7x7',
  },
  wrn: {
    '28x28': '7x7',
    '32x32': '8x8',
    '64x64': '16x16',
    '96x96': '6x6',
    '160x64': '10x4',
    '224x224': '14x14',
  },
  mobilenet: {
    '28x28': '2x2',
    '32x32': '2x2',
    '64x64': '4x4',
    '96x96': '3x3',
    '160x64': '5x2',
    '224x224': '7x7',
  },
  'mobilenet-v2': {
    '28x28': '1x1',
    '32x32': '1x1',
    '64x64': '2x2',
    '96x96': '3x3',
    '160x64': '5x2',
    '224x224': '7x7',
  },
  'inception-v1': {
    '28x28': '7x7',
    '32x32': '8x8',
    '64x64': '16x16',
    '96x96': '3x3',
    '160x64': '5x2',
    '224x224': '7x7',
  },
  convnet: {
    '28x28': '7x7',
    '32x32': '8x8',
    '64x64': '16x16',
    '96x96': '6x6',
    '160x64': '10x4',
    '224x224': '14x14',
  },
}

const FAMILIES = Object.keys(ARCHITECTURE_FAMILIES) as ArchitectureFamilyName[]
function build(architecture: string, shape: number[], classes = 100) {
  const input = tf.input({ shape })
  const { logits, features } = buildNetwork(input, { architecture, classes, prefix: '' })
  return { logits, features, model: tf.model({ inputs: input, outputs: [logits, features] }) }
}

describe.each(listedArchitectures())('%s', (architecture) => {
  it('has the number of parameters that its layers add up to', () => {
    const { model } = build(architecture, [32, 32, 3])
    const sizes = model.trainableWeights.map(({ shape }) => productOf(shape as number[]))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(PARAMETERS[architecture])
    model.dispose()
  })
})

describe.each(FAMILIES)('the smallest %s', (family) => {
  const architecture = ARCHITECTURE_FAMILIES[family].examples[0]

  it.each(Object.entries(FEATURE_MAPS[family]))('sees an image of %s end as a map of %s', (size, map) => {
    for (const channels of [1, 3]) {
      const { logits, features, model } = build(architecture, [...sidesOf(size), channels], 7)
      expect(lastFeatureMap(features)).toEqual([null, ...sidesOf(map), features.shape[1]])
      expect(logits.shape).toEqual([null, 7])
      model.dispose()
    }
  })

  it.each([
    [8, 8, 1],
    [33, 57, 3],
    [67, 33, 1],
  ])('predicts for images of %i x %i with %i channels', (height, width, channels) => {
    const { model, features } = build(architecture, [height, width, channels], 7)
    const outputs = tf.tidy(() => model.apply(tf.ones([2, height, width, channels])) as Tensor[])
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [2, 7],
      [2, features.shape[1]],
    ])
    tf.dispose(outputs)
    model.dispose()
  })
})

it.each(FAMILIES)('the size of the smallest %s that the server tells is that of its layers', (family) => {
  const architecture = ARCHITECTURE_FAMILIES[family].examples[0]
  for (const [height, width, channels] of [
    [28, 28, 1],
    [96, 37, 3],
  ] as const) {
    const { parameters, layers } = measureNetwork(architecture, [height, width, channels], 7)
    const multiplyAdds = layers.reduce((sum, layer) => sum + layer.weights * layer.height * layer.width, 0)
    expect(sizeOfNetwork(architecture, { height, width, channels }, 7)).toEqual({ parameters, multiplyAdds })
  }
})

describe('initial kernels', () => {
  it('have the variance 2 / fan-in, where a depthwise convolution reads one channel', () => {
    const deviations = {
      'x/kernel': Math.sqrt(2 / (9 * 64)),
      'x/depthwise_kernel': Math.sqrt(2 / 9),
    }
    const shapes = { 'x/kernel': [3, 3, 64, 64], 'x/depthwise_kernel': [3, 3, 4096, 1] }
    for (const name of ['x/kernel', 'x/depthwise_kernel'] as const) {
      const values = drawInitialWeight(name, shapes[name], [1])!
      expect(values.length).toBe(36_864)
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
      expect(deviation / deviations[name]).toBeCloseTo(1, 1)
    }
  })
})

it('names the architecture that no family knows', () => {
  for (const name of ['resnet-33', 'resnet-1202', 'wrn-28', 'wrn-27-10', 'mobilenet-1.5', 'inception-v3']) {
    expect(() => build(name, [8, 8, 3])).toThrow(`“${name}”`)
  }
})

function productOf(sizes: number[]): number {
  return sizes.reduce((product, size) => product * size, 1)
}

function sidesOf(size: string): number[] {
  return size.split('x').map(Number)
}

/** The shape that global average pooling takes in. */
function lastFeatureMap({ sourceLayer }: SymbolicTensor): unknown {
  return sourceLayer.inboundNodes[0]!.inputShapes[0]
}
