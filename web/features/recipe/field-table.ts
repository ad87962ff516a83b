import type { Recipe } from '../../../contract/recipes/recipe.ts'

/**
 * How the form and the read-only pages present one value of a recipe; everything else comes from the schema.
 */
export interface FieldLine {
  label: string
  /** Shown below the control. */
  note?: string
  /** The collapsible section it is in; always visible if missing. */
  section?: string
  /** Increment of the arrow keys and buttons. A number without it has no buttons. */
  step?: number
  /** What an empty input means. */
  placeholder?: string
  /** For a choice: the label of each option. */
  words?: Record<string, string>
}

type LineOf<Value> = FieldLine & ([Value] extends [string] ? { words: Record<Value, string> } : unknown)

/** Paths such as `optimizer.momentum` of every value that any recipe can have. */
export type RecipePath<Part = Recipe> = Part extends unknown
  ? {
      [Key in keyof Part & string]: NonNullable<Part[Key]> extends
        | string
        | number
        | boolean
        | readonly unknown[]
        ? Key
        : `${Key}.${RecipePath<NonNullable<Part[Key]>>}`
    }[keyof Part & string]
  : never

type ValueAt<Part, Path> = Path extends `${infer Key}.${infer Rest}`
  ? Part extends Record<Key, infer Inner>
    ? ValueAt<NonNullable<Inner>, Rest>
    : never
  : Part extends Record<Path & string, infer Value>
    ? NonNullable<Value>
    : never

/**
 * The table of a recipe's fields, in display order. Type, range, default and the kinds of optimizer or
 * schedule that have a field come from `Recipe`; the compiler requires a line for each of its values.
 */
export const RECIPE_FIELDS = {
  epochs: { label: 'Epochs' },
  batchSize: { label: 'Batch size', step: 16 },
  learningRate: { label: 'Learning rate', step: 0.01 },

  'optimizer.kind': {
    section: 'Optimizer',
    label: 'Optimizer',
    words: { SGD: 'SGD', ADAM: 'Adam', ADAMW: 'AdamW' },
  },
  'optimizer.weightDecay': {
    section: 'Optimizer',
    label: 'Weight decay',
    step: 0.0001,
    note: 'Of convolution and dense kernels',
  },
  'optimizer.momentum': { section: 'Optimizer', label: 'Momentum', step: 0.05 },
  'optimizer.beta1': { section: 'Optimizer', label: 'Beta 1', step: 0.05 },
  'optimizer.beta2': { section: 'Optimizer', label: 'Beta 2', step: 0.001 },
  'optimizer.epsilon': { section: 'Optimizer', label: 'Epsilon', step: 1e-8 },
  clipNorm: { section: 'Optimizer', label: 'Gradient norm', note: 'Clip the gradient norm to this' },
  'optimizer.skipDepthwise': { section: 'Optimizer', label: 'Exclude depthwise from decay' },
  'optimizer.nesterov': { section: 'Optimizer', label: 'Nesterov momentum' },

  'schedule.kind': {
    section: 'Schedule',
    label: 'Schedule',
    words: {
      CONSTANT: 'Constant',
      STEP: 'Evenly spaced steps',
      MULTI_STEP: 'Steps at chosen epochs',
      COSINE: 'Cosine to 0',
      ONE_CYCLE: 'One cycle',
    },
  },
  'schedule.everyEpochs': { section: 'Schedule', label: 'Step every', note: 'Epochs from step to step' },
  'schedule.atEpochs': { section: 'Schedule', label: 'Steps at', note: 'Epochs, such as 30, 60' },
  'schedule.factor': { section: 'Schedule', label: 'Factor', step: 0.05, note: 'Of each step' },
  'schedule.warmupEpochs': {
    section: 'Schedule',
    label: 'Warm-up',
    step: 0.5,
    note: 'Epochs of a linear rise',
  },
  'schedule.risingShare': { section: 'Schedule', label: 'Warm-up fraction', step: 0.05 },
  'schedule.startDivisor': {
    section: 'Schedule',
    label: 'Start divisor',
    note: 'Initial rate is the learning rate / this',
  },
  'schedule.endDivisor': {
    section: 'Schedule',
    label: 'End divisor',
    note: 'Final rate is the initial rate / this',
  },
  evaluateEveryEpochs: {
    section: 'Schedule',
    label: 'Evaluate every',
    note: 'Epochs between evaluations',
  },

  'augmentation.cropPadding': {
    section: 'Images',
    label: 'Crop border',
    note: 'Pixels of reflected border before a random crop',
  },
  'augmentation.erasing': {
    section: 'Images',
    label: 'Random erasing',
    step: 0.1,
    note: 'Fraction of images with a random rectangle erased',
  },
  'augmentation.mixup': {
    section: 'Images',
    label: 'Mixup',
    step: 0.1,
    note: 'α of blending images in pairs, usually 0.2 to 1; 0 for none',
  },
  'augmentation.cutmix': {
    section: 'Images',
    label: 'CutMix',
    step: 0.1,
    note: 'α of pasting a box of another image, usually 1; 0 for none',
  },
  'inputSize.width': { section: 'Images', label: 'Input width', placeholder: 'as stored' },
  'inputSize.height': { section: 'Images', label: 'Input height', placeholder: 'as stored' },
  'augmentation.flip': { section: 'Images', label: 'Random horizontal flip' },

  labelSmoothing: {
    section: 'Labels',
    label: 'Label smoothing',
    step: 0.05,
    note: 'Probability mass spread over all classes',
  },
  classWeights: {
    section: 'Labels',
    label: 'Class weights',
    words: { NONE: 'None: every image counts alike', BALANCED: 'Balanced: every class counts alike' },
  },
  classSampling: {
    section: 'Labels',
    label: 'Sampling',
    words: { NATURAL: 'Every image once an epoch', BALANCED: 'Every class equally often' },
    note: 'For data with rare classes, instead of class weights',
  },
  labelNoise: {
    section: 'Labels',
    label: 'Label noise',
    step: 0.1,
    note: 'Fraction of training labels replaced at random, for experiments',
  },

  teachingRampUpEpochs: {
    section: 'Teaching',
    label: 'Ramp-up of teaching',
    step: 1,
    note: 'Epochs until students learn from each other in full',
  },
  unlabelledRatio: {
    section: 'Teaching',
    label: 'Unlabelled images',
    step: 1,
    note: 'In every step for each labelled one, if the dataset has any; students learn from each other on all',
  },

  validationShare: {
    section: 'Validation',
    label: 'Share set aside',
    step: 0.05,
    note: 'Of the training images, if the dataset has no validation split',
  },
  earlyStoppingEpochs: {
    section: 'Validation',
    label: 'Stop early after',
    note: 'Epochs without a gain in validation accuracy',
  },
  deliveredCheckpoint: {
    section: 'Validation',
    label: 'Deliver',
    words: { BEST: 'Best on validation, if there is one', LAST: 'Last' },
  },

  averageDecay: {
    section: 'Weights and precision',
    label: 'Averaged weights',
    step: 0.001,
    note: 'Decay of the average that is evaluated and exported',
  },
  precision: {
    section: 'Weights and precision',
    label: 'Precision',
    words: { FLOAT32: 'float32', BFLOAT16: 'bfloat16' },
    note: 'Of feature maps while training; weights and losses stay float32',
  },
} satisfies { [Path in RecipePath]: LineOf<ValueAt<Recipe, Path>> }
