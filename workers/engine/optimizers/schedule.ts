import type { Recipe, Schedule } from '../../../contract/recipes/recipe.ts'

/**
 * The learning rate of a step. Every stage of a run restarts the schedule.
 * @param step in the run, from 0
 */
export function learningRateAt(recipe: Recipe, step: number, stepsPerEpoch: number): number {
  const steps = recipe.epochs * stepsPerEpoch
  return recipe.learningRate * factorAt(recipe.schedule, step % steps, steps, stepsPerEpoch)
}

/** @param step in the stage, from 0 */
function factorAt(schedule: Schedule, step: number, steps: number, stepsPerEpoch: number): number {
  if (schedule.kind === 'ONE_CYCLE') return oneCycle(schedule, step, steps)
  const warmup = Math.round(schedule.warmupEpochs * stepsPerEpoch)
  // Starts at 1 / warmup rather than 0, so that the first step already learns.
  if (step < warmup) return (step + 1) / warmup
  const epoch = Math.floor(step / stepsPerEpoch)
  switch (schedule.kind) {
    case 'CONSTANT':
      return 1
    case 'STEP':
      return schedule.factor ** Math.floor(epoch / schedule.everyEpochs)
    case 'MULTI_STEP':
      return schedule.factor ** schedule.atEpochs.filter((milestone) => epoch >= milestone).length
    case 'COSINE':
      return cosine(1, 0, (step - warmup) / Math.max(1, steps - warmup))
  }
}

/** PyTorch's OneCycleLR with `anneal_strategy="cos"` and two phases, relative to `max_lr`. */
function oneCycle(
  { risingShare, startDivisor, endDivisor }: Extract<Schedule, { kind: 'ONE_CYCLE' }>,
  step: number,
  steps: number,
): number {
  const [start, end] = [1 / startDivisor, 1 / startDivisor / endDivisor]
  const [peak, last] = [risingShare * steps - 1, steps - 1]
  // Too few steps for a rising phase.
  if (peak <= 0) return cosine(1, end, step / Math.max(1, last))
  return step <= peak ? cosine(start, 1, step / peak) : cosine(1, end, (step - peak) / (last - peak))
}

/** Half a cosine from one value to another. @param progress 0 to 1 */
function cosine(from: number, to: number, progress: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2
}
