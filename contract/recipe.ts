import { z } from 'zod'

/** Epochs of a linear rise to the learning rate, counted in steps; it may be a fraction. */
const WarmupEpochs = z.number().min(0).max(10_000)

const Schedule = z.discriminatedUnion('kind', [
  /** The learning rate stays. */
  z.strictObject({ kind: z.literal('CONSTANT'), warmupEpochs: WarmupEpochs.default(0) }),
  /** Multiplied by `factor` after every `everyEpochs` epochs. */
  z.strictObject({
    kind: z.literal('STEP'),
    everyEpochs: z.int().min(1).max(10_000),
    factor: z.number().gt(0).max(1),
    warmupEpochs: WarmupEpochs.default(0),
  }),
  /** Multiplied by `factor` when so many epochs are done. */
  z.strictObject({
    kind: z.literal('MULTI_STEP'),
    atEpochs: z
      .array(z.int().min(1).max(10_000))
      .min(1)
      .max(100)
      .refine((epochs) => epochs.every((epoch, i) => i === 0 || epoch > (epochs[i - 1] as number)), {
        error: 'the epochs of a multi-step schedule rise',
      }),
    factor: z.number().gt(0).max(1),
    warmupEpochs: WarmupEpochs.default(0),
  }),
  /** A linear warm-up, then half a cosine down to 0. */
  z.strictObject({ kind: z.literal('COSINE'), warmupEpochs: WarmupEpochs }),
  /**
   * Half a cosine up to the learning rate, then half a cosine down to nearly 0, as PyTorch's OneCycleLR without cycled
   * momentum (Smith and Topin 2018). It begins at rate / `startDivisor` and ends at that / `endDivisor`.
   */
  z.strictObject({
    kind: z.literal('ONE_CYCLE'),
    risingShare: z.number().gt(0).lt(1).default(0.3),
    startDivisor: z.number().min(1).max(1e6).default(25),
    endDivisor: z.number().min(1).max(1e9).default(1e4),
  }),
])
export type Schedule = z.infer<typeof Schedule>

/** Of convolution and dense kernels only. */
const WeightDecay = z.number().min(0).max(1)
const Beta = z.number().min(0).lt(1)

const adamSettings = {
  beta1: Beta.default(0.9),
  beta2: Beta.default(0.999),
  epsilon: z.number().gt(0).max(1).default(1e-8),
  weightDecay: WeightDecay,
}

const OptimizerSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('SGD'),
    momentum: z.number().min(0).lt(1),
    nesterov: z.boolean(),
    /** Coupled, as PyTorch's: added to the gradient. */
    weightDecay: WeightDecay,
  }),
  /** Kingma and Ba 2015; weight decay is coupled, as PyTorch's Adam: added to the gradient. */
  z.strictObject({ kind: z.literal('ADAM'), ...adamSettings }),
  /** Loshchilov and Hutter 2019: weight decay is decoupled, the kernels shrink by learningRate · weightDecay. */
  z.strictObject({ kind: z.literal('ADAMW'), ...adamSettings }),
])
export type OptimizerSettings = z.infer<typeof OptimizerSettings>

const Augmentation = z.strictObject({
  /** Pixels of reflected border before a random crop back to the size; 0 leaves cropping out. */
  cropPadding: z.int().min(0).max(64),
  /** Mirrors half of the pictures, left to right. */
  flip: z.boolean(),
  /** The share of pictures of which a random rectangle is erased (Zhong et al. 2020): filled with the mean colour. */
  erasing: z.number().min(0).max(1).default(0),
})

const PictureSize = z.strictObject({ height: z.int().min(8).max(512), width: z.int().min(8).max(512) })

/** Keys that recipes stored by the first versions lack; what they then did is the default of `Recipe`. */
const LATER_FIELDS = {
  /** The height and width that the networks see: pictures are resized bilinearly. Null is the dataset's own. */
  inputSize: PictureSize.nullable(),
  /** Each student's gradients are scaled down to this Euclidean norm, taken over all of them; null leaves them. */
  clipNorm: z.number().gt(0).max(1e6).nullable(),
  /** The share of each target that is spread over all classes (Szegedy et al. 2016). */
  labelSmoothing: z.number().min(0).lt(1),
  /**
   * The share of training labels that are redrawn from the seed, each to one of the other classes, so that it is the
   * share of wrong labels too. The test labels stay.
   */
  labelNoise: z.number().min(0).max(1),
  /**
   * The decay of a moving average of the weights, batch normalisation's statistics included; that average is what is
   * evaluated and exported. Null leaves it out.
   */
  averageDecay: z.number().gt(0).lt(1).nullable(),
  /** Of the feature maps while teaching; weights, losses, the optimizer and every evaluation are float32 in both. */
  precision: z.enum(['FLOAT32', 'BFLOAT16']),
}

const FIELDS = {
  epochs: z.int().min(1).max(10_000),
  /** Pictures a step; the remainder of an epoch is dropped, since the captured graph has a fixed shape. */
  batchSize: z.int().min(2).max(4096),
  optimizer: OptimizerSettings,
  /** The highest, where the schedule changes it. */
  learningRate: z.number().gt(0).max(100),
  schedule: Schedule,
  augmentation: Augmentation,
  /** Test accuracy is measured after every so many epochs, and always after the last. */
  evaluateEveryEpochs: z.int().min(1).max(10_000),
}

/** How to train: the same for every student of a cohort. Unknown keys are refused. */
export const Recipe = z
  .strictObject({
    ...FIELDS,
    inputSize: LATER_FIELDS.inputSize.default(null),
    clipNorm: LATER_FIELDS.clipNorm.default(null),
    labelSmoothing: LATER_FIELDS.labelSmoothing.default(0),
    labelNoise: LATER_FIELDS.labelNoise.default(0),
    averageDecay: LATER_FIELDS.averageDecay.default(null),
    precision: LATER_FIELDS.precision.default('FLOAT32'),
  })
  .refine(({ schedule, epochs }) => !('warmupEpochs' in schedule) || schedule.warmupEpochs < epochs, {
    path: ['schedule', 'warmupEpochs'],
    error: 'the warm-up is as long as the whole training; make it shorter than epochs',
  })
export type Recipe = z.infer<typeof Recipe>

/** Where a preset differs from the paper's recipe for CIFAR, and why, in words for people. */
type Overrides = { [K in keyof Recipe]?: { value: Recipe[K]; why: string } }

interface Preset {
  title: string
  description: string
  overrides: Overrides
}

/** The paper's recipe for CIFAR (section 4.1); every other preset says only where it differs, and why. */
const BASE: Recipe = {
  epochs: 200,
  batchSize: 64,
  optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
  learningRate: 0.1,
  schedule: { kind: 'STEP', everyEpochs: 60, factor: 0.1, warmupEpochs: 0 },
  augmentation: { cropPadding: 4, flip: true, erasing: 0 },
  evaluateEveryEpochs: 1,
  inputSize: null,
  clipNorm: null,
  labelSmoothing: 0,
  labelNoise: 0,
  averageDecay: null,
  precision: 'FLOAT32',
}

export const RECIPE_PRESETS = {
  'cifar-paper': {
    title: 'The paper’s, for CIFAR',
    description:
      'SGD with Nesterov momentum 0.9, learning rate 0.1, a tenth of it after every 60 of 200 epochs, batch 64, reflected crop and flip.',
    overrides: {},
  },
  'market-paper': {
    title: 'The paper’s, for Market-1501',
    description:
      'Adam with learning rate 2e-4 and beta1 0.5, batch 16, 124 epochs (100,000 steps on Market-1501), pictures resized to 224 x 224.',
    overrides: {
      epochs: {
        value: 124,
        why: 'The paper’s 100,000 steps: 16 of Market-1501’s 12,936 training pictures a step make 808 steps an epoch.',
      },
      batchSize: { value: 16, why: 'The paper’s.' },
      optimizer: {
        value: { kind: 'ADAM', beta1: 0.5, beta2: 0.999, epsilon: 1e-8, weightDecay: 4e-5 },
        why: 'Adam with a beta1 lower than usual is the paper’s; the weight decay is the official script’s.',
      },
      learningRate: { value: 2e-4, why: 'The paper’s.' },
      schedule: {
        value: { kind: 'CONSTANT', warmupEpochs: 0 },
        why: 'The paper names one rate and no decay.',
      },
      augmentation: {
        value: { cropPadding: 0, flip: false, erasing: 0 },
        why: 'The paper names none for these pictures.',
      },
      inputSize: {
        value: { height: 224, width: 224 },
        why: 'The official script’s: ImageNet’s size, to which the pictures of 160 x 64 are resized.',
      },
      labelSmoothing: { value: 0.1, why: 'The official script’s.' },
      evaluateEveryEpochs: { value: 4, why: 'An epoch is short beside an evaluation of every picture.' },
    },
  },
  'noisy-labels': {
    title: 'Noisy labels',
    description:
      'An experiment: 40 % of the training labels are made wrong, then 60 epochs under one cycle. Compare mutual with independent learning.',
    overrides: {
      labelNoise: { value: 0.4, why: 'Where re-implementations measured mutual learning’s largest gain.' },
      epochs: {
        value: 60,
        why: 'Long enough for a network alone to learn the wrong labels of a small set by heart, which is what is compared.',
      },
      schedule: {
        value: { kind: 'ONE_CYCLE', risingShare: 0.3, startDivisor: 25, endDivisor: 1e4 },
        why: 'One rise and fall fits any length and ends at nearly 0; the rate of 0.1 stays.',
      },
      evaluateEveryEpochs: {
        value: 5,
        why: 'The curve over the epochs is smooth; measuring it every time would cost as much as the training of a small set.',
      },
    },
  },
  quick: {
    title: 'Quick',
    description: 'A first result in a minute or two on a laptop: a few epochs under one cosine.',
    overrides: {
      epochs: {
        value: 8,
        why: 'Enough for 88 % with two ResNet-8 on 5,000 small grey pictures; each further epoch gains little.',
      },
      learningRate: {
        value: 0.2,
        why: 'So few steps have to be long ones; batch normalisation and the warm-up keep them stable.',
      },
      schedule: {
        value: { kind: 'COSINE', warmupEpochs: 1 },
        why: 'A step schedule has no time to decay in so few epochs; a cosine ends at 0 whatever the length.',
      },
      augmentation: {
        value: { cropPadding: 1, flip: true, erasing: 0 },
        why: 'In 8 epochs nothing is learned by heart, so wide crops only slow the learning (84 % with 4 pixels).',
      },
    },
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof RECIPE_PRESETS
export const PRESET_NAMES = Object.keys(RECIPE_PRESETS) as [PresetName, ...PresetName[]]

/** What a person may send: some keys of a recipe, nested objects whole. */
export const RecipeOverrides = z.strictObject({ ...FIELDS, ...LATER_FIELDS }).partial()
export type RecipeOverrides = z.input<typeof RecipeOverrides>

/**
 * The whole recipe: the base, the preset's overrides, then the person's own. Nested objects are replaced whole.
 * @throws ZodError with the path of every key that is unknown or out of range
 */
export function resolveRecipe(preset: PresetName, overrides: unknown = {}): Recipe {
  const own = RecipeOverrides.parse(overrides)
  const usual = Object.entries(RECIPE_PRESETS[preset].overrides).map(([key, { value }]) => [key, value])
  return Recipe.parse({ ...BASE, ...Object.fromEntries(usual), ...own })
}

/** Height, width and channels of the pictures that the networks see. */
export function networkInputOf(
  { inputSize }: Recipe,
  { height, width, channels }: { height: number; width: number; channels: number },
): { height: number; width: number; channels: number } {
  return { height: inputSize?.height ?? height, width: inputSize?.width ?? width, channels }
}
