import { Recipe, RecipeOverrides, type Schedule } from './recipe.ts'

/** How a preset differs from the paper's recipe for CIFAR, and why; the reasons are shown to users. */
type Overrides = { [K in keyof Recipe]?: { value: Recipe[K]; why: string } }

interface Preset {
  title: string
  description: string
  overrides: Overrides
}

/**
 * The paper's recipe for CIFAR (section 3.1); every other preset states only its differences and the reasons.
 */
export const BASE_RECIPE: Recipe = {
  epochs: 200,
  batchSize: 64,
  optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 5e-4, skipDepthwise: false },
  learningRate: 0.1,
  schedule: { kind: 'STEP', everyEpochs: 60, factor: 0.1, warmupEpochs: 0 },
  augmentation: { cropPadding: 4, flip: true, erasing: 0, mixup: 0, cutmix: 0 },
  evaluateEveryEpochs: 1,
  inputSize: null,
  clipNorm: null,
  labelSmoothing: 0,
  classWeights: 'NONE',
  classSampling: 'NATURAL',
  teachingRampUpEpochs: 0,
  unlabelledRatio: 0,
  labelNoise: 0,
  averageDecay: null,
  precision: 'FLOAT32',
  validationShare: 0,
  deliveredCheckpoint: 'BEST',
  earlyStoppingEpochs: null,
}

export const RECIPE_PRESETS = {
  'cifar-paper': {
    title: 'The paper’s, for CIFAR',
    description:
      'SGD with Nesterov momentum 0.9, learning rate 0.1, a tenth of it after every 60 of 200 epochs, batch 64, reflected crop and flip.',
    overrides: {},
  },
  /**
   * The authors' script as far as the recipe decides. What stays different: it takes 200,000 steps, the paper 100,000; it
   * scales inputs to [-1, 1] and caps activations at 6, where networks here normalise by the training images and have
   * their own activations; it concatenates features as they are, where here each student's are scaled to length 1 first,
   * so that none outvotes the others by the size of its features.
   */
  'market-paper': {
    title: 'The paper’s, for Market-1501',
    description:
      'Adam with learning rate 2e-4 and beta1 0.5, batch 16, 124 epochs (100,000 steps on Market-1501), images resized to 224 x 224.',
    overrides: {
      epochs: {
        value: 124,
        why: 'The paper’s 100,000 steps: 16 of Market-1501’s 12,936 training images a step make 808 steps an epoch.',
      },
      batchSize: { value: 16, why: 'The paper’s.' },
      optimizer: {
        value: {
          ...{ kind: 'ADAM', beta1: 0.5, beta2: 0.999, epsilon: 1e-8, weightDecay: 4e-5 },
          skipDepthwise: true,
        },
        why: 'Adam with a beta1 lower than usual is the paper’s; the weight decay, and none on depthwise kernels, is the official script’s.',
      },
      learningRate: { value: 2e-4, why: 'The paper’s.' },
      schedule: {
        value: { kind: 'CONSTANT', warmupEpochs: 0 },
        why: 'The paper names one rate and no decay.',
      },
      augmentation: {
        value: { cropPadding: 0, flip: true, erasing: 0, mixup: 0, cutmix: 0 },
        why: 'The official script’s; the paper names none for these images.',
      },
      inputSize: {
        value: { height: 224, width: 224 },
        why: 'The official script’s: ImageNet’s size, to which the images of 160 x 64 are resized.',
      },
      labelSmoothing: { value: 0.1, why: 'The official script’s.' },
      averageDecay: {
        value: 0.9999,
        why: 'The official script’s: it evaluates a moving average of the weights.',
      },
      evaluateEveryEpochs: { value: 4, why: 'An epoch is short beside an evaluation of every image.' },
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
        why: 'Enough for 88 % with two ResNet-8 on 5,000 small grey images; each further epoch gains little.',
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
        value: { cropPadding: 1, flip: true, erasing: 0, mixup: 0, cutmix: 0 },
        why: 'In 8 epochs nothing is learned by heart, so wide crops only slow the learning (84 % with 4 pixels).',
      },
    },
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof RECIPE_PRESETS
export const PRESET_NAMES = Object.keys(RECIPE_PRESETS) as [PresetName, ...PresetName[]]

/**
 * The complete recipe: the base, then the preset's overrides, then the user's. Nested objects are replaced,
 * not merged. A preset's warm-up that would be as long as the user's training is shortened to half of it.
 * @throws ZodError with the path of every unknown or out-of-range key
 */
export function resolveRecipe(preset: PresetName, overrides: unknown = {}): Recipe {
  const own = RecipeOverrides.parse(overrides)
  const usual = usualRecipe(preset)
  const schedule = own.schedule ?? shortenWarmup(usual.schedule, own.epochs ?? usual.epochs)
  return Recipe.parse({ ...usual, ...own, schedule })
}

/** Says that a preset's warm-up was shortened to fit the recipe's epochs; undefined where it was not. */
export function noteShortenedWarmup(preset: PresetName, overrides: unknown): string | undefined {
  const own = RecipeOverrides.parse(overrides)
  const usual = usualRecipe(preset)
  const epochs = own.epochs ?? usual.epochs
  const shorter = shortenWarmup(usual.schedule, epochs)
  if (own.schedule || shorter === usual.schedule || !('warmupEpochs' in usual.schedule)) return undefined
  return `The warm-up of “${preset}”, ${usual.schedule.warmupEpochs} ${usual.schedule.warmupEpochs === 1 ? 'epoch' : 'epochs'}, would be the whole training: it was shortened to ${epochs / 2}.`
}

function usualRecipe(preset: PresetName): Recipe {
  const usual = Object.entries(RECIPE_PRESETS[preset].overrides).map(([key, { value }]) => [key, value])
  return { ...BASE_RECIPE, ...Object.fromEntries(usual) }
}

function shortenWarmup(schedule: Schedule, epochs: number): Schedule {
  if (!('warmupEpochs' in schedule) || schedule.warmupEpochs < epochs) return schedule
  return { ...schedule, warmupEpochs: epochs / 2 }
}
