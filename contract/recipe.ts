import { z } from 'zod'

const Schedule = z.discriminatedUnion('kind', [
  /** The learning rate stays. */
  z.strictObject({ kind: z.literal('CONSTANT') }),
  /** Multiplied by `factor` after every `everyEpochs` epochs. */
  z.strictObject({
    kind: z.literal('STEP'),
    everyEpochs: z.int().min(1).max(10_000),
    factor: z.number().gt(0).max(1),
  }),
  /** A linear warm-up, then half a cosine down to 0, both counted in steps. */
  z.strictObject({ kind: z.literal('COSINE'), warmupEpochs: z.number().min(0).max(10_000) }),
])
export type Schedule = z.infer<typeof Schedule>

/** How to train: the same for every student of a cohort. Unknown keys are refused. */
export const Recipe = z
  .strictObject({
    epochs: z.int().min(1).max(10_000),
    /** Pictures a step; the remainder of an epoch is dropped, since the captured graph has a fixed shape. */
    batchSize: z.int().min(2).max(4096),
    optimizer: z.strictObject({
      kind: z.literal('SGD'),
      momentum: z.number().min(0).lt(1),
      nesterov: z.boolean(),
      /** Coupled, as PyTorch's: added to the gradient, on convolution and dense kernels only. */
      weightDecay: z.number().min(0).max(1),
    }),
    learningRate: z.number().gt(0).max(100),
    schedule: Schedule,
    augmentation: z.strictObject({
      /** Pixels of reflected border before a random crop back to the size; 0 leaves cropping out. */
      cropPadding: z.int().min(0).max(64),
      /** Mirrors half of the pictures, left to right. */
      flip: z.boolean(),
    }),
    /** Test accuracy is measured after every so many epochs, and always after the last. */
    evaluateEveryEpochs: z.int().min(1).max(10_000),
  })
  .refine((recipe) => recipe.schedule.kind !== 'COSINE' || recipe.schedule.warmupEpochs < recipe.epochs, {
    path: ['schedule', 'warmupEpochs'],
    error: 'the warm-up is as long as the whole training; make it shorter than epochs',
  })
export type Recipe = z.infer<typeof Recipe>

type Overrides = { [K in keyof Recipe]?: Recipe[K] }

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
  schedule: { kind: 'STEP', everyEpochs: 60, factor: 0.1 },
  augmentation: { cropPadding: 4, flip: true },
  evaluateEveryEpochs: 1,
}

export const RECIPE_PRESETS = {
  'cifar-paper': {
    title: 'The paper’s, for CIFAR',
    description:
      'SGD with Nesterov momentum 0.9, learning rate 0.1, a tenth of it after every 60 of 200 epochs, batch 64, reflected crop and flip.',
    overrides: {},
  },
  quick: {
    title: 'Quick',
    description: 'A first result in a minute or two on a laptop: a few epochs under one cosine.',
    overrides: {
      // Enough for 88 % with two ResNet-8 on 5,000 small grey pictures; each further epoch gains little.
      epochs: 8,
      // So few steps have to be long ones; batch normalisation and the warm-up keep them stable.
      learningRate: 0.2,
      // A step schedule has no time to decay in so few epochs; a cosine ends at 0 whatever the length.
      schedule: { kind: 'COSINE', warmupEpochs: 1 },
      // In 8 epochs nothing is learned by heart, so wide crops only slow the learning (84 % with 4 pixels).
      augmentation: { cropPadding: 1, flip: true },
    },
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof RECIPE_PRESETS
export const PRESET_NAMES = Object.keys(RECIPE_PRESETS) as [PresetName, ...PresetName[]]

/** What a person may send: some keys of a recipe, nested objects whole. */
export const RecipeOverrides = z.strictObject(Recipe.shape).partial()
export type RecipeOverrides = z.infer<typeof RecipeOverrides>

/**
 * The whole recipe: the base, the preset's overrides, then the person's own. Nested objects are replaced whole.
 * @throws ZodError with the path of every key that is unknown or out of range
 */
export function resolveRecipe(preset: PresetName, overrides: unknown = {}): Recipe {
  const own = RecipeOverrides.parse(overrides)
  return Recipe.parse({ ...BASE, ...RECIPE_PRESETS[preset].overrides, ...own })
}
