import { z } from 'zod'
import { IMAGE_PIXELS } from './limits.ts'

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
  /** Mirrors half of the images, left to right. */
  flip: z.boolean(),
  /** The share of images of which a random rectangle is erased (Zhong et al. 2020): filled with the mean colour. */
  erasing: z.number().min(0).max(1).default(0),
})

const Pixels = z.int().min(IMAGE_PIXELS.min).max(IMAGE_PIXELS.max)
const PictureSize = z.strictObject({ height: Pixels, width: Pixels })

/** Keys that recipes stored by the first versions lack; what they then did is the default of `Recipe`. */
const LATER_FIELDS = {
  /** The height and width that the networks see: images are resized bilinearly. Null is the dataset's own. */
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
  /** Images a step; the remainder of an epoch is dropped, since the captured graph has a fixed shape. */
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

/** What a person may send: some keys of a recipe, nested objects whole. */
export const RecipeOverrides = z.strictObject({ ...FIELDS, ...LATER_FIELDS }).partial()
export type RecipeOverrides = z.input<typeof RecipeOverrides>

/** Height, width and channels of the images that the networks see. */
export function networkInputOf(
  { inputSize }: Recipe,
  { height, width, channels }: { height: number; width: number; channels: number },
): { height: number; width: number; channels: number } {
  return { height: inputSize?.height ?? height, width: inputSize?.width ?? width, channels }
}
