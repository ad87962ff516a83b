import { formatCount } from '../../design/format-numbers.ts'

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
    weightDecay: number
  }
  schedule: {
    kind: string
    warmupEpochs?: number
    everyEpochs?: number
    atEpochs?: number[]
    factor?: number
  }
  augmentation: { cropPadding: number; flip: boolean; erasing?: number }
  evaluateEveryEpochs: number
  inputSize?: { height: number; width: number } | null
  clipNorm?: number | null
  labelSmoothing?: number
  labelNoise?: number
  averageDecay?: number | null
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
  const words: Record<string, string> = { batchSize: 'batch size', learningRate: 'learning rate' }
  return new Intl.ListFormat('en').format(changed.map((name) => words[name] ?? name))
}

function describeOptimizer({ kind, nesterov, momentum, beta1, beta2 }: RecipeShape['optimizer']): string {
  const name = { ADAM: 'Adam', ADAMW: 'AdamW' }[kind] ?? kind
  if (momentum !== undefined) return `${name}, ${nesterov ? 'Nesterov ' : ''}momentum ${momentum}`
  return beta1 !== undefined ? `${name}, β₁ ${beta1}, β₂ ${beta2}` : name
}

function describeSchedule(schedule: RecipeShape['schedule']): string {
  const warmup = schedule.warmupEpochs
    ? `, warm-up ${schedule.warmupEpochs} ${schedule.warmupEpochs === 1 ? 'epoch' : 'epochs'}`
    : ''
  return `${nameSchedule(schedule)}${warmup}`
}

function nameSchedule({ kind, everyEpochs: apart, atEpochs, factor }: RecipeShape['schedule']): string {
  if (kind === 'COSINE') return 'cosine to 0'
  if (kind === 'STEP') return `× ${factor} every ${apart} epochs`
  if (kind === 'MULTI_STEP') return `× ${factor} after ${atEpochs?.join(', ')} epochs`
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
  const { inputSize, clipNorm, labelSmoothing, labelNoise, averageDecay } = recipe
  const rows: Row[] = []
  if (inputSize) rows.push(['Resized to', `${inputSize.width} × ${inputSize.height}`])
  if (clipNorm) rows.push(['Gradient norm', `at most ${clipNorm}`])
  if (labelSmoothing) rows.push(['Label smoothing', String(labelSmoothing)])
  if (labelNoise) rows.push(['Wrong labels', `${percent(labelNoise)} of training`])
  if (averageDecay) rows.push(['Averaged weights', `decay ${averageDecay}`])
  return rows
}

function everyEpochs(count: number): string {
  return count === 1 ? 'every epoch' : `every ${count} epochs`
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}
