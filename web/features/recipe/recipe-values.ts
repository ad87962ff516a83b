import type { RecipeShape } from './recipe-words.ts'

/** What stands in a number field: a number, or text while it is empty or half typed. */
export type Typed = number | string

/** A recipe as a form holds it: every setting of every kind of optimizer and schedule; empty text is “off”. */
export interface RecipeValues {
  epochs: Typed
  batchSize: Typed
  learningRate: Typed
  evaluateEveryEpochs: Typed
  optimizer: {
    kind: string
    momentum: Typed
    nesterov: boolean
    beta1: Typed
    beta2: Typed
    epsilon: Typed
    weightDecay: Typed
  }
  schedule: {
    kind: string
    warmupEpochs: Typed
    everyEpochs: Typed
    atEpochs: string
    factor: Typed
    risingShare: Typed
    startDivisor: Typed
    endDivisor: Typed
  }
  augmentation: { cropPadding: Typed; flip: boolean; erasing: Typed }
  inputSize: { height: Typed; width: Typed }
  clipNorm: Typed
  labelSmoothing: Typed
  labelNoise: Typed
  averageDecay: Typed
  precision: string
}

/** Settings of an optimizer or a schedule by kind; the rest of the form's fields are not its own. */
const OPTIMIZER_SETTINGS: Record<string, (keyof RecipeValues['optimizer'])[]> = {
  SGD: ['momentum', 'nesterov', 'weightDecay'],
  ADAM: ['beta1', 'beta2', 'epsilon', 'weightDecay'],
  ADAMW: ['beta1', 'beta2', 'epsilon', 'weightDecay'],
}
const SCHEDULE_SETTINGS: Record<string, (keyof RecipeValues['schedule'])[]> = {
  CONSTANT: ['warmupEpochs'],
  STEP: ['everyEpochs', 'factor', 'warmupEpochs'],
  MULTI_STEP: ['atEpochs', 'factor', 'warmupEpochs'],
  COSINE: ['warmupEpochs'],
  ONE_CYCLE: ['risingShare', 'startDivisor', 'endDivisor'],
}

export function hasOptimizerSetting(values: RecipeValues, setting: keyof RecipeValues['optimizer']): boolean {
  return OPTIMIZER_SETTINGS[values.optimizer.kind]?.includes(setting) ?? false
}

export function hasScheduleSetting(values: RecipeValues, setting: keyof RecipeValues['schedule']): boolean {
  return SCHEDULE_SETTINGS[values.schedule.kind]?.includes(setting) ?? false
}

/** The form's values of a recipe; what the recipe's kinds do not have gets what is usual. */
export function valuesOf(recipe: RecipeShape): RecipeValues {
  const { optimizer, schedule, augmentation, inputSize } = recipe
  return {
    epochs: recipe.epochs,
    batchSize: recipe.batchSize,
    learningRate: recipe.learningRate,
    evaluateEveryEpochs: recipe.evaluateEveryEpochs,
    optimizer: {
      momentum: 0.9,
      nesterov: true,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      ...optimizer,
    },
    schedule: {
      warmupEpochs: 0,
      everyEpochs: 60,
      factor: 0.1,
      risingShare: 0.3,
      startDivisor: 25,
      endDivisor: 1e4,
      ...schedule,
      atEpochs: (schedule.atEpochs ?? []).join(', '),
    },
    augmentation: { erasing: 0, ...augmentation },
    inputSize: inputSize ?? { height: '', width: '' },
    clipNorm: recipe.clipNorm ?? '',
    labelSmoothing: recipe.labelSmoothing ?? 0,
    labelNoise: recipe.labelNoise ?? 0,
    averageDecay: recipe.averageDecay ?? '',
    precision: recipe.precision ?? 'FLOAT32',
  }
}

/** The recipe that a form stands for: only the settings that its kinds have. */
export function recipeOf(values: RecipeValues): RecipeShape {
  const { optimizer, schedule, inputSize } = values
  const atEpochs = readEpochs(schedule.atEpochs)
  return {
    ...values,
    optimizer: pick({ ...optimizer }, OPTIMIZER_SETTINGS[optimizer.kind]),
    schedule: pick({ ...schedule, atEpochs }, SCHEDULE_SETTINGS[schedule.kind]),
    inputSize: inputSize.height === '' && inputSize.width === '' ? null : inputSize,
    clipNorm: values.clipNorm === '' ? null : values.clipNorm,
    averageDecay: values.averageDecay === '' ? null : values.averageDecay,
  } as RecipeShape
}

/** The numbers of a list as it was typed; what is no number is NaN. */
export function readEpochs(text: string): number[] {
  return text.split(/[\s,;]+/).flatMap((epoch) => (epoch ? [Number(epoch)] : []))
}

function pick(settings: Record<string, unknown>, names: string[] = []): Record<string, unknown> {
  return Object.fromEntries(['kind', ...names].map((name) => [name, settings[name]]))
}

/**
 * What differs from the preset's recipe: only that is sent, so that the run says what a person chose. A warm-up that
 * the preset brought and that would be as long as the training is halved, for it would be refused.
 */
export function overridesOf(values: RecipeValues, preset: RecipeShape): Partial<RecipeShape> {
  const recipe = recipeOf(values)
  const overrides = Object.fromEntries(
    Object.entries(recipe).filter(([key, value]) => !isSame(value, preset[key as keyof RecipeShape])),
  ) as Partial<RecipeShape>
  const { warmupEpochs } = recipe.schedule
  if (
    !overrides.schedule &&
    warmupEpochs &&
    typeof recipe.epochs === 'number' &&
    warmupEpochs >= recipe.epochs
  )
    overrides.schedule = { ...recipe.schedule, warmupEpochs: recipe.epochs / 2 }
  return overrides
}

/** Deeply, whatever the order of the keys; null is what is missing. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === null || b == null || typeof a !== 'object' || typeof b !== 'object')
    return (a ?? null) === (b ?? null)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) =>
    isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  )
}
