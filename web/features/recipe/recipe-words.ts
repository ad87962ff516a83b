import { formatCount } from '../../design/format-numbers.ts'

/** A recipe as the API tells it; parts that a run of before their time lacks are optional. */
export interface RecipeShape {
  epochs: number
  batchSize: number
  learningRate: number
  optimizer: {
    kind: string
    momentum?: number
    nesterov?: boolean
    beta1?: number
    beta2?: number
    epsilon?: number
    weightDecay: number
  }
  schedule: {
    kind: string
    warmupEpochs?: number
    everyEpochs?: number
    atEpochs?: number[]
    factor?: number
    risingShare?: number
    startDivisor?: number
    endDivisor?: number
  }
  augmentation: { cropPadding: number; flip: boolean; erasing?: number }
  evaluateEveryEpochs: number
  inputSize?: { height: number; width: number } | null
  clipNorm?: number | null
  labelSmoothing?: number
  labelNoise?: number
  averageDecay?: number | null
  precision?: string
}

export const optimizerWords: Record<string, string> = { SGD: 'SGD', ADAM: 'Adam', ADAMW: 'AdamW' }

export const scheduleWords: Record<string, string> = {
  CONSTANT: 'Constant',
  STEP: 'Steps, evenly apart',
  MULTI_STEP: 'Steps at chosen epochs',
  COSINE: 'Cosine to 0',
  ONE_CYCLE: 'One cycle',
}

export const precisionWords: Record<string, string> = { FLOAT32: 'float32', BFLOAT16: 'bfloat16' }

/** The keys of a recipe as people call them. */
const keyWords: Record<string, string> = {
  batchSize: 'batch size',
  learningRate: 'learning rate',
  evaluateEveryEpochs: 'measuring',
  inputSize: 'input size',
  clipNorm: 'gradient norm',
  labelSmoothing: 'label smoothing',
  labelNoise: 'wrong labels',
  averageDecay: 'averaged weights',
}

export function nameRecipeKey(key: string): string {
  return keyWords[key] ?? key
}

type Row = [label: string, value: string]

/** A recipe in words, a line for each of its parts; parts that are left out have none. */
export function describeRecipe(recipe: unknown): Row[] {
  const shape = recipe as RecipeShape
  return [
    ['Epochs', formatCount(shape.epochs)],
    ['Batch', `${formatCount(shape.batchSize)} pictures`],
    ['Learning rate', String(shape.learningRate)],
    ['Schedule', describeSchedule(shape.schedule)],
    ['Optimizer', describeOptimizer(shape.optimizer)],
    ['Weight decay', String(shape.optimizer.weightDecay)],
    ['Augmentation', describeAugmentation(shape.augmentation)],
    ...describeExtras(shape),
    ['Measured', everyEpochs(shape.evaluateEveryEpochs)],
  ]
}

/** What a person changed of a preset, in the form's own words. */
export function listChanges(changed: string[]): string {
  return new Intl.ListFormat('en').format(changed.map(nameRecipeKey))
}

/** One part of a recipe in words, as a preset has it. */
export function describePart(recipe: RecipeShape, key: keyof RecipeShape): string {
  if (key === 'optimizer')
    return `${describeOptimizer(recipe.optimizer)}, weight decay ${recipe.optimizer.weightDecay}`
  if (key === 'schedule') return describeSchedule(recipe.schedule)
  if (key === 'augmentation') return describeAugmentation(recipe.augmentation)
  if (key === 'inputSize') return recipe.inputSize ? sizeWords(recipe.inputSize) : 'the dataset’s own'
  if (key === 'precision') return precisionWords[recipe.precision ?? 'FLOAT32'] ?? 'float32'
  return recipe[key] == null ? 'off' : String(recipe[key])
}

function describeOptimizer({ kind, nesterov, momentum, beta1, beta2 }: RecipeShape['optimizer']): string {
  const name = optimizerWords[kind] ?? kind
  if (momentum !== undefined) return `${name}, ${nesterov ? 'Nesterov ' : ''}momentum ${momentum}`
  return beta1 !== undefined ? `${name}, β₁ ${beta1}, β₂ ${beta2}` : name
}

function describeSchedule(schedule: RecipeShape['schedule']): string {
  const warmup = schedule.warmupEpochs
    ? `, warm-up ${schedule.warmupEpochs} ${schedule.warmupEpochs === 1 ? 'epoch' : 'epochs'}`
    : ''
  return `${nameSchedule(schedule)}${warmup}`
}

function nameSchedule({
  kind,
  everyEpochs: apart,
  atEpochs,
  factor,
  risingShare,
}: RecipeShape['schedule']): string {
  if (kind === 'COSINE') return 'cosine to 0'
  if (kind === 'STEP') return `× ${factor} every ${apart} epochs`
  if (kind === 'MULTI_STEP') return `× ${factor} after ${atEpochs?.join(', ')} epochs`
  if (kind === 'ONE_CYCLE') return `one cycle, rising for ${percent(risingShare ?? 0.3)}`
  return kind.toLowerCase().replaceAll('_', ' ')
}

function describeAugmentation({ cropPadding, flip, erasing }: RecipeShape['augmentation']): string {
  const parts = [
    cropPadding > 0 ? `crop from ${cropPadding} px border` : '',
    flip ? 'flip' : '',
    erasing ? `erasing ${percent(erasing)}` : '',
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : 'none'
}

function describeExtras(recipe: RecipeShape): Row[] {
  const { inputSize, clipNorm, labelSmoothing, labelNoise, averageDecay, precision } = recipe
  const rows: Row[] = []
  if (inputSize) rows.push(['Resized to', sizeWords(inputSize)])
  if (clipNorm) rows.push(['Gradient norm', `at most ${clipNorm}`])
  if (labelSmoothing) rows.push(['Label smoothing', String(labelSmoothing)])
  if (labelNoise) rows.push(['Wrong labels', `${percent(labelNoise)} of training`])
  if (averageDecay) rows.push(['Averaged weights', `decay ${averageDecay}`])
  if (precision && precision !== 'FLOAT32') rows.push(['Precision', precisionWords[precision] ?? precision])
  return rows
}

function sizeWords({ height, width }: { height: number; width: number }): string {
  return `${width} × ${height}`
}

function everyEpochs(count: number): string {
  return count === 1 ? 'every epoch' : `every ${count} epochs`
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}
