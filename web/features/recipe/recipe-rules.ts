import {
  hasOptimizerSetting,
  hasScheduleSetting,
  type RecipeValues,
  readEpochs,
  type Typed,
} from './recipe-values.ts'

interface Range {
  least: number
  most: number
  whole?: boolean
  /** The lower or upper end itself is refused. */
  aboveLeast?: boolean
  belowMost?: boolean
  /** Nothing in the field is right, too. */
  mayBeEmpty?: boolean
}

const epochs: Range = { least: 1, most: 10_000, whole: true }
const share: Range = { least: 0, most: 1 }
const beta: Range = { least: 0, most: 1, belowMost: true }
const pixels: Range = { least: 8, most: 512, whole: true, mayBeEmpty: true }
const warmup: Range = { least: 0, most: 10_000 }
/** Of a multi-step schedule. */
const MOST_STEPS = 100

/** What the service takes, so that a person learns of a slip before sending it; the service checks again. */
export function checkRecipe(values: RecipeValues): Record<string, string> {
  const { optimizer, schedule, augmentation, inputSize } = values
  const errors: Record<string, string> = {}
  const check = (path: string, value: Typed, range: Range) => {
    const problem = checkNumber(value, range)
    if (problem) errors[`recipe.${path}`] = problem
  }
  check('epochs', values.epochs, epochs)
  check('batchSize', values.batchSize, { least: 2, most: 4096, whole: true })
  check('learningRate', values.learningRate, { least: 0, most: 100, aboveLeast: true })
  check('evaluateEveryEpochs', values.evaluateEveryEpochs, epochs)
  for (const setting of ['momentum', 'beta1', 'beta2'] as const)
    if (hasOptimizerSetting(values, setting)) check(`optimizer.${setting}`, optimizer[setting], beta)
  if (hasOptimizerSetting(values, 'epsilon'))
    check('optimizer.epsilon', optimizer.epsilon, { least: 0, most: 1, aboveLeast: true })
  check('optimizer.weightDecay', optimizer.weightDecay, share)
  if (hasScheduleSetting(values, 'warmupEpochs'))
    check('schedule.warmupEpochs', schedule.warmupEpochs, warmup)
  if (hasScheduleSetting(values, 'everyEpochs')) check('schedule.everyEpochs', schedule.everyEpochs, epochs)
  if (hasScheduleSetting(values, 'factor'))
    check('schedule.factor', schedule.factor, { least: 0, most: 1, aboveLeast: true })
  if (hasScheduleSetting(values, 'atEpochs') && !areRising(readEpochs(schedule.atEpochs)))
    errors['recipe.schedule.atEpochs'] =
      `Give up to ${MOST_STEPS} whole numbers from 1 to 10,000, each larger than the one before, such as 30, 60.`
  if (hasScheduleSetting(values, 'risingShare')) {
    check('schedule.risingShare', schedule.risingShare, { ...share, aboveLeast: true, belowMost: true })
    check('schedule.startDivisor', schedule.startDivisor, { least: 1, most: 1e6 })
    check('schedule.endDivisor', schedule.endDivisor, { least: 1, most: 1e9 })
  }
  check('augmentation.cropPadding', augmentation.cropPadding, { least: 0, most: 64, whole: true })
  check('augmentation.erasing', augmentation.erasing, share)
  const oneOnly = (inputSize.height === '') !== (inputSize.width === '')
  check('inputSize.height', inputSize.height, { ...pixels, mayBeEmpty: !oneOnly })
  check('inputSize.width', inputSize.width, { ...pixels, mayBeEmpty: !oneOnly })
  check('clipNorm', values.clipNorm, { least: 0, most: 1e6, aboveLeast: true, mayBeEmpty: true })
  check('labelSmoothing', values.labelSmoothing, { ...share, belowMost: true })
  check('labelNoise', values.labelNoise, share)
  check('averageDecay', values.averageDecay, {
    ...share,
    aboveLeast: true,
    belowMost: true,
    mayBeEmpty: true,
  })
  return errors
}

function areRising(given: number[]): boolean {
  const rise = given.every((epoch, i) => epoch > (given[i - 1] ?? 0) && checkNumber(epoch, epochs) === null)
  return rise && given.length > 0 && given.length <= MOST_STEPS
}

export function checkNumber(value: Typed, range: Range): string | null {
  const { least, most, whole, aboveLeast, belowMost, mayBeEmpty } = range
  if (value === '' && mayBeEmpty) return null
  const isRight =
    typeof value === 'number' &&
    (!whole || Number.isInteger(value)) &&
    (aboveLeast ? value > least : value >= least) &&
    (belowMost ? value < most : value <= most)
  if (isRight) return null
  const from = aboveLeast ? `above ${least}` : `from ${least}`
  const to = belowMost ? `below ${most}` : `to ${most.toLocaleString('en')}`
  return `Give a ${whole ? 'whole ' : ''}number ${from} ${to}.`
}
