/**
 * The catalogue of architectures. Plain data, so that the server can reject an unknown name without loading
 * TensorFlow; workers/engine/architectures/index.ts must have a builder for every family.
 */
export interface ArchitectureFamily {
  title: string
  /** The name of every member. */
  members: readonly string[]
  /** Members to offer in lists, smallest first. */
  examples: readonly string[]
  description: string
}

const WIDTH_MULTIPLIERS = ['-0.25', '-0.5', '-0.75', '']

export const ARCHITECTURE_FAMILIES = {
  resnet: {
    title: 'ResNet for small images',
    members: wholeNumbers(8, 200, 6).map((depth) => `resnet-${depth}`),
    examples: ['resnet-8', 'resnet-14', 'resnet-20', 'resnet-32', 'resnet-44', 'resnet-56', 'resnet-110'],
    description:
      'Residual network of depth 6n+2 with 16, 32 and 64 channels (He et al. 2016, section 4.2). The paper’s ResNet-32 has 0.47 million parameters at 100 classes. Images above 64 pixels begin with a 7x7 convolution and max pooling, a quarter of the size.',
  },
  'imagenet-resnet': {
    title: 'ResNet for ImageNet',
    members: ['imagenet-resnet-18', 'imagenet-resnet-34', 'imagenet-resnet-50'],
    examples: ['imagenet-resnet-18', 'imagenet-resnet-34', 'imagenet-resnet-50'],
    description:
      'ResNet-18, 34 and 50 (He et al. 2016, table 1) as torchvision has them, for its weights too: 11.2, 21.3 and 23.7 million parameters at 100 classes. A thirty-second of the size is left at the end, whatever the image’s size: give images of 32 pixels a larger input in the recipe, or take a ResNet for small images.',
  },
  wrn: {
    title: 'Wide ResNet',
    members: wholeNumbers(10, 52, 6).flatMap((depth) =>
      wholeNumbers(1, 12, 1).map((width) => `wrn-${depth}-${width}`),
    ),
    examples: ['wrn-10-2', 'wrn-16-4', 'wrn-28-10'],
    description:
      'Pre-activation residual network of depth 6n+4, so many times as wide (Zagoruyko and Komodakis 2016), without dropout. The paper’s WRN-28-10 has 36.5 million parameters at 100 classes. Images above 64 pixels begin with a 7x7 convolution and max pooling, a quarter of the size.',
  },
  mobilenet: {
    title: 'MobileNet v1',
    members: WIDTH_MULTIPLIERS.map((width) => `mobilenet${width}`),
    examples: WIDTH_MULTIPLIERS.map((width) => `mobilenet${width}`),
    description:
      'Depthwise separable convolutions (Howard et al. 2017); the number is the width multiplier, 1 where none is named. The paper’s MobileNet has 3.3 million parameters at 100 classes. The first convolution has stride 1 for images of up to 64 pixels, 2 for larger ones.',
  },
  'mobilenet-v2': {
    title: 'MobileNetV2',
    members: WIDTH_MULTIPLIERS.map((width) => `mobilenet-v2${width}`),
    examples: WIDTH_MULTIPLIERS.map((width) => `mobilenet-v2${width}`),
    description:
      'Inverted residuals with ReLU6 (Sandler et al. 2018) as torchvision has them, for its weights too, without dropout; the number is the width multiplier, 1 where none is named. 2.4 million parameters at 100 classes. A thirty-second of the size is left at the end, whatever the image’s size: give images of 32 pixels a larger input in the recipe.',
  },
  'inception-v1': {
    title: 'InceptionV1',
    members: ['inception-v1'],
    examples: ['inception-v1'],
    description:
      'GoogLeNet (Szegedy et al. 2015) with batch normalisation, without auxiliary classifiers and dropout: 6.1 million parameters at 100 classes. Images of up to 64 pixels keep their size up to the third module; larger ones begin with the published 7x7 convolution and poolings, an eighth of the size.',
  },
  convnet: {
    title: 'ConvNet',
    members: WIDTH_MULTIPLIERS.map((width) => `convnet${width}`),
    examples: WIDTH_MULTIPLIERS.map((width) => `convnet${width}`),
    description:
      'Three convolutions of 32, 64 and 128 channels for a quick try, of no paper; the number is the width multiplier, 1 where none is named. Images above 64 pixels begin with a 7x7 convolution and max pooling, a quarter of the size.',
  },
} as const satisfies Record<string, ArchitectureFamily>

export type ArchitectureFamilyName = keyof typeof ARCHITECTURE_FAMILIES

/** The family of an architecture, or undefined if the name is unknown. */
export function familyOf(architecture: string): ArchitectureFamilyName | undefined {
  const entries = Object.entries(ARCHITECTURE_FAMILIES) as [ArchitectureFamilyName, ArchitectureFamily][]
  return entries.find(([, family]) => family.members.includes(architecture))?.[0]
}

/** Every name offered in lists and completions. */
export function listedArchitectures(): string[] {
  return Object.values(ARCHITECTURE_FAMILIES).flatMap((family) => [...family.examples])
}

function wholeNumbers(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step)
}
