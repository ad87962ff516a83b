export interface RecipeShape {
  epochs: number
  batchSize: number
  learningRate: number
  optimizer: { kind: string; momentum: number; nesterov: boolean; weightDecay: number }
  schedule: { kind: string; warmupEpochs?: number; everyEpochs?: number; factor?: number }
  augmentation: { cropPadding: number; flip: boolean }
  evaluateEveryEpochs: number
}

/** A recipe in words, a line for each of its parts; unknown parts are shown as they are. */
export function describeRecipe(recipe: unknown): [label: string, value: string][] {
  const { optimizer, schedule, augmentation, ...plain } = recipe as RecipeShape
  return [
    ['Epochs', String(plain.epochs)],
    ['Batch', `${plain.batchSize} pictures`],
    ['Learning rate', String(plain.learningRate)],
    ['Schedule', describeSchedule(schedule)],
    [
      'Optimizer',
      `${optimizer.kind}, ${optimizer.nesterov ? 'Nesterov ' : ''}momentum ${optimizer.momentum}`,
    ],
    ['Weight decay', String(optimizer.weightDecay)],
    ['Augmentation', describeAugmentation(augmentation)],
    [
      'Measured',
      plain.evaluateEveryEpochs === 1 ? 'every epoch' : `every ${plain.evaluateEveryEpochs} epochs`,
    ],
  ]
}

function describeSchedule({ kind, warmupEpochs, everyEpochs, factor }: RecipeShape['schedule']): string {
  if (kind === 'COSINE')
    return warmupEpochs
      ? `cosine to 0, warm-up ${warmupEpochs} ${warmupEpochs === 1 ? 'epoch' : 'epochs'}`
      : 'cosine to 0'
  if (kind === 'STEP') return `× ${factor} every ${everyEpochs} epochs`
  return kind.toLowerCase()
}

function describeAugmentation({ cropPadding, flip }: RecipeShape['augmentation']): string {
  const parts = [cropPadding > 0 ? `crop from ${cropPadding} px border` : '', flip ? 'flip' : ''].filter(
    Boolean,
  )
  return parts.length > 0 ? parts.join(', ') : 'none'
}
