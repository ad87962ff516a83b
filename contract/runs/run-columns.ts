/** What a list of runs can be filtered and ordered by; server/use-cases/run-lists/run-columns-sql.ts reads each. */

/** How a column's values compare. */
export type RunColumnType = 'NUMBER' | 'TEXT'

/** Facts and scores of a run, apart from its recipe. */
const OWN_COLUMNS = {
  number: 'NUMBER',
  name: 'TEXT',
  tags: 'TEXT',
  cohort: 'TEXT',
  cohortId: 'TEXT',
  method: 'TEXT',
  students: 'NUMBER',
  dataset: 'TEXT',
  datasetId: 'TEXT',
  versionId: 'TEXT',
  version: 'NUMBER',
  task: 'TEXT',
  preset: 'TEXT',
  /** A hash of the whole recipe: equal where every field is. */
  recipeKey: 'TEXT',
  seed: 'NUMBER',
  /** Of which it is a trial, by its number; 0 for a run of its own. */
  experiment: 'NUMBER',
  /** The best student's, top-1 accuracy or mean average precision; shares from 0 to 1, as the six after them. */
  best: 'NUMBER',
  last: 'NUMBER',
  bestTop1: 'NUMBER',
  lastTop1: 'NUMBER',
  bestMap: 'NUMBER',
  lastMap: 'NUMBER',
  ensemble: 'NUMBER',
  /** Seconds that workers have held it. */
  duration: 'NUMBER',
  imagesPerSecond: 'NUMBER',
  startedBy: 'TEXT',
  worker: 'TEXT',
} as const satisfies Record<string, RunColumnType>

/** Values of a recipe, by their paths; a list is compared as the text `[30, 60]`. */
const RECIPE_COLUMNS = {
  epochs: 'NUMBER',
  batchSize: 'NUMBER',
  learningRate: 'NUMBER',
  'optimizer.kind': 'TEXT',
  'optimizer.weightDecay': 'NUMBER',
  'optimizer.skipDepthwise': 'TEXT',
  'optimizer.momentum': 'NUMBER',
  'optimizer.beta1': 'NUMBER',
  'optimizer.beta2': 'NUMBER',
  'optimizer.epsilon': 'NUMBER',
  'optimizer.nesterov': 'TEXT',
  clipNorm: 'NUMBER',
  'schedule.kind': 'TEXT',
  'schedule.everyEpochs': 'NUMBER',
  'schedule.atEpochs': 'TEXT',
  'schedule.factor': 'NUMBER',
  'schedule.warmupEpochs': 'NUMBER',
  'schedule.risingShare': 'NUMBER',
  'schedule.startDivisor': 'NUMBER',
  'schedule.endDivisor': 'NUMBER',
  validationShare: 'NUMBER',
  earlyStoppingEpochs: 'NUMBER',
  deliveredCheckpoint: 'TEXT',
  evaluateEveryEpochs: 'NUMBER',
  'augmentation.cropPadding': 'NUMBER',
  'augmentation.erasing': 'NUMBER',
  'augmentation.mixup': 'NUMBER',
  'augmentation.cutmix': 'NUMBER',
  'augmentation.flip': 'TEXT',
  'inputSize.width': 'NUMBER',
  'inputSize.height': 'NUMBER',
  labelSmoothing: 'NUMBER',
  classWeights: 'TEXT',
  classSampling: 'TEXT',
  labelNoise: 'NUMBER',
  teachingRampUpEpochs: 'NUMBER',
  unlabelledRatio: 'NUMBER',
  averageDecay: 'NUMBER',
  precision: 'TEXT',
} as const satisfies Record<string, RunColumnType>

export type OwnColumn = keyof typeof OWN_COLUMNS
export type RecipeColumn = keyof typeof RECIPE_COLUMNS
export type RunColumn = OwnColumn | RecipeColumn

export const RUN_COLUMNS: Readonly<Record<RunColumn, RunColumnType>> = { ...OWN_COLUMNS, ...RECIPE_COLUMNS }

export function isRunColumn(name: string): name is RunColumn {
  return Object.hasOwn(RUN_COLUMNS, name)
}

export function isRecipeColumn(column: RunColumn): column is RecipeColumn {
  return Object.hasOwn(RECIPE_COLUMNS, column)
}

export const RUN_COMPARISONS = ['EQUAL', 'NOT_EQUAL', 'AT_LEAST', 'AT_MOST', 'CONTAINS'] as const
export type RunComparison = (typeof RUN_COMPARISONS)[number]

/** What a run's column must be for the run to be listed. */
export interface RunCondition {
  column: RunColumn
  is: RunComparison
  value: string
}

/** What is wrong with a condition; null if nothing. */
export function findConditionProblem({ column, is, value }: RunCondition): string | null {
  if (RUN_COLUMNS[column] === 'TEXT') {
    return is === 'AT_LEAST' || is === 'AT_MOST'
      ? `${column} is a text, which is equal, not equal, or contains`
      : null
  }
  if (is === 'CONTAINS') return `${column} is a number, which contains nothing`
  return value.trim() !== '' && Number.isFinite(Number(value)) ? null : `${column} is compared with a number`
}
