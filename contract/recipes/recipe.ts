import { z } from 'zod'
import { IMAGE_PIXELS } from '../limits.ts'

/** Epochs of linear warm-up, applied per step; may be a fraction. */
const WarmupEpochs = z.number().min(0).max(10_000)

const Schedule = z.discriminatedUnion('kind', [
  /** The learning rate stays constant. */
  z.strictObject({ kind: z.literal('CONSTANT'), warmupEpochs: WarmupEpochs.default(0) }),
  /** Multiplied by `factor` after every `everyEpochs` epochs. */
  z.strictObject({
    kind: z.literal('STEP'),
    everyEpochs: z.int().min(1).max(10_000),
    factor: z.number().gt(0).max(1),
    warmupEpochs: WarmupEpochs.default(0),
  }),
  /** Multiplied by `factor` after each of these numbers of epochs. */
  z.strictObject({
    kind: z.literal('MULTI_STEP'),
    atEpochs: z
      .array(z.int().min(1).max(10_000))
      .min(1)
      .max(100)
      .refine((epochs) => epochs.every((epoch, i) => i === 0 || epoch > (epochs[i - 1] as number)), {
        error: 'the epochs of a multi-step schedule must increase',
      }),
    factor: z.number().gt(0).max(1),
    warmupEpochs: WarmupEpochs.default(0),
  }),
  /** A linear warm-up, then half a cosine down to 0. */
  z.strictObject({ kind: z.literal('COSINE'), warmupEpochs: WarmupEpochs }),
  /**
   * Half a cosine up to the learning rate, then half a cosine down to nearly 0, like PyTorch's OneCycleLR
   * without momentum cycling (Smith and Topin 2018). Starts at rate / `startDivisor` and ends at that /
   * `endDivisor`.
   */
  z.strictObject({
    kind: z.literal('ONE_CYCLE'),
    risingShare: z.number().gt(0).lt(1).default(0.3),
    startDivisor: z.number().min(1).max(1e6).default(25),
    endDivisor: z.number().min(1).max(1e9).default(1e4),
  }),
])
export type Schedule = z.infer<typeof Schedule>

/** Applies to convolution and dense kernels only. */
const WeightDecay = z.number().min(0).max(1)
/**
 * Whether the kernels of depthwise convolutions are spared the weight decay: they have few weights (Howard et al. 2017,
 * section 3.2).
 */
const SkipDepthwise = z.boolean().default(false)
const Beta = z.number().min(0).lt(1)

const adamSettings = {
  beta1: Beta.default(0.9),
  beta2: Beta.default(0.999),
  epsilon: z.number().gt(0).max(1).default(1e-8),
  weightDecay: WeightDecay,
  skipDepthwise: SkipDepthwise,
}

const OptimizerSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('SGD'),
    momentum: z.number().min(0).lt(1),
    nesterov: z.boolean(),
    /** Coupled, as in PyTorch: added to the gradient. */
    weightDecay: WeightDecay,
    skipDepthwise: SkipDepthwise,
  }),
  /** Kingma and Ba 2015; weight decay is coupled, as in PyTorch's Adam: added to the gradient. */
  z.strictObject({ kind: z.literal('ADAM'), ...adamSettings }),
  /** Loshchilov and Hutter 2019: weight decay is decoupled; kernels shrink by learningRate · weightDecay. */
  z.strictObject({ kind: z.literal('ADAMW'), ...adamSettings }),
])
export type OptimizerSettings = z.infer<typeof OptimizerSettings>

const Augmentation = z.strictObject({
  /** Pixels of reflection padding before a random crop back to the original size; 0 disables cropping. */
  cropPadding: z.int().min(0).max(64),
  /** Mirrors images left to right with probability 1/2. */
  flip: z.boolean(),
  /**
   * Probability that a random rectangle is erased (Zhong et al. 2020), that is, filled with the mean colour.
   */
  erasing: z.number().min(0).max(1).default(0),
  /**
   * α of Beta(α, α), from which a batch's share is drawn for mixup (Zhang et al. 2018): every image and its label are
   * blended with another one's, the same for all students. 0 disables it.
   */
  mixup: z.number().min(0).max(10).default(0),
  /**
   * The same for CutMix (Yun et al. 2019): a box of another image is pasted in. With mixup as well, half of the batches
   * are mixed by each.
   */
  cutmix: z.number().min(0).max(10).default(0),
})

const Pixels = z.int().min(IMAGE_PIXELS.min).max(IMAGE_PIXELS.max)
const PictureSize = z.strictObject({ height: Pixels, width: Pixels })

/** Fields missing from recipes stored by early versions; `Recipe` defaults to their behaviour. */
const LATER_FIELDS = {
  /** Input size of the networks; images are resized bilinearly. Null means the dataset's size. */
  inputSize: PictureSize.nullable(),
  /** Each student's gradients are clipped to this global Euclidean norm; null disables clipping. */
  clipNorm: z.number().gt(0).max(1e6).nullable(),
  /** Share of each target that is spread over all classes (Szegedy et al. 2016). */
  labelSmoothing: z.number().min(0).lt(1),
  /**
   * BALANCED weights the label loss of each image by n / (classes · n_c), so that rare classes count as much as common
   * ones; the teaching loss has no weights.
   */
  classWeights: z.enum(['NONE', 'BALANCED']),
  /**
   * BALANCED has every class come equally often in an epoch of as many images, so that those of rare classes come several
   * times and those of common ones not all (Kang et al. 2020, section 3); NATURAL has every image come once.
   */
  classSampling: z.enum(['NATURAL', 'BALANCED']),
  /**
   * Epochs in which the teaching loss is ramped up from nearly nothing, exp(-5 (1 - t)²) (Laine and Aila 2017); 0 for
   * the whole loss from the first step.
   */
  teachingRampUpEpochs: z.number().min(0).max(10_000),
  /**
   * Images without labels in every step for each labelled one (section 3.4 of the paper's CVPR version): students learn
   * the labels of the labelled images, and from each other on all. A stage in which nobody teaches leaves them out.
   */
  unlabelledRatio: z.int().min(0).max(8),
  /**
   * Share of training labels that are replaced by a seeded draw from the other classes, so that it is also
   * the share of wrong labels. Test labels are unchanged.
   */
  labelNoise: z.number().min(0).max(1),
  /**
   * Decay of the exponential moving average of the weights, including batch normalisation statistics; the
   * average is what is evaluated and exported. Null disables it.
   */
  averageDecay: z.number().gt(0).lt(1).nullable(),
  /**
   * Precision of the feature maps while training; weights, losses, optimizer and evaluation are always
   * float32.
   */
  precision: z.enum(['FLOAT32', 'BFLOAT16']),
  /**
   * Share of the training images that is set aside for validation if the dataset has no validation split: a draw that
   * is spread evenly over the classes and depends on the seed.
   */
  validationShare: z.number().min(0).max(0.5),
  /**
   * The state of the cohort that is evaluated and exported: after the evaluation with the highest mean validation accuracy
   * of the students, or after the last step. Without validation images it is always the last.
   */
  deliveredCheckpoint: z.enum(['BEST', 'LAST']),
  /**
   * Ends the training once the mean validation accuracy has not improved for this many epochs. Null disables it; it needs
   * validation images.
   */
  earlyStoppingEpochs: z.int().min(1).max(10_000).nullable(),
}

const FIELDS = {
  epochs: z.int().min(1).max(10_000),
  /**
   * Images per step; an epoch's incomplete last batch is dropped, since the captured graph has a fixed shape.
   */
  batchSize: z.int().min(2).max(4096),
  optimizer: OptimizerSettings,
  /** The peak value, if the schedule changes it. */
  learningRate: z.number().gt(0).max(100),
  schedule: Schedule,
  augmentation: Augmentation,
  /** Interval between evaluations on the test and validation images, in epochs; the last epoch is always evaluated. */
  evaluateEveryEpochs: z.int().min(1).max(10_000),
}

/** How to train; the same for every student of a cohort. Unknown keys are rejected. */
export const Recipe = z
  .strictObject({
    ...FIELDS,
    inputSize: LATER_FIELDS.inputSize.default(null),
    clipNorm: LATER_FIELDS.clipNorm.default(null),
    labelSmoothing: LATER_FIELDS.labelSmoothing.default(0),
    classWeights: LATER_FIELDS.classWeights.default('NONE'),
    classSampling: LATER_FIELDS.classSampling.default('NATURAL'),
    teachingRampUpEpochs: LATER_FIELDS.teachingRampUpEpochs.default(0),
    unlabelledRatio: LATER_FIELDS.unlabelledRatio.default(0),
    labelNoise: LATER_FIELDS.labelNoise.default(0),
    averageDecay: LATER_FIELDS.averageDecay.default(null),
    precision: LATER_FIELDS.precision.default('FLOAT32'),
    validationShare: LATER_FIELDS.validationShare.default(0),
    deliveredCheckpoint: LATER_FIELDS.deliveredCheckpoint.default('BEST'),
    earlyStoppingEpochs: LATER_FIELDS.earlyStoppingEpochs.default(null),
  })
  .refine(({ schedule, epochs }) => !('warmupEpochs' in schedule) || schedule.warmupEpochs < epochs, {
    path: ['schedule', 'warmupEpochs'],
    error: 'the warm-up is as long as the whole training; make it shorter than epochs',
  })
  .refine(({ classWeights, classSampling }) => classWeights === 'NONE' || classSampling === 'NATURAL', {
    path: ['classSampling'],
    error: 'classes are balanced twice, by weights and by sampling; leave one of the two as it is',
  })
  .refine(
    ({ unlabelledRatio, augmentation: { mixup, cutmix } }) =>
      unlabelledRatio === 0 || (mixup === 0 && cutmix === 0),
    {
      path: ['unlabelledRatio'],
      error: 'images without labels cannot be mixed with labelled ones; set mixup and cutmix to 0, or this',
    },
  )
export type Recipe = z.infer<typeof Recipe>

/** What a user may send: any subset of a recipe's fields, with nested objects complete. */
export const RecipeOverrides = z.strictObject({ ...FIELDS, ...LATER_FIELDS }).partial()
export type RecipeOverrides = z.input<typeof RecipeOverrides>

/** Height, width and channels of the networks' input. */
export function networkInputOf(
  { inputSize }: Recipe,
  { height, width, channels }: { height: number; width: number; channels: number },
): { height: number; width: number; channels: number } {
  return { height: inputSize?.height ?? height, width: inputSize?.width ?? width, channels }
}
