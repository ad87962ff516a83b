import type { Recipe } from '../../../contract/recipe.ts'

/**
 * The learning rate of a step.
 * @param step from 0
 */
export function learningRateAt(recipe: Recipe, step: number, stepsPerEpoch: number): number {
  const { learningRate, schedule } = recipe
  switch (schedule.kind) {
    case 'CONSTANT':
      return learningRate
    case 'STEP':
      return (
        learningRate * schedule.factor ** Math.floor(Math.floor(step / stepsPerEpoch) / schedule.everyEpochs)
      )
    case 'COSINE': {
      const warmup = Math.round(schedule.warmupEpochs * stepsPerEpoch)
      // From one part of the rate, not from 0, so that the first step already learns.
      if (step < warmup) return (learningRate * (step + 1)) / warmup
      const progress = (step - warmup) / Math.max(1, recipe.epochs * stepsPerEpoch - warmup)
      return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2
    }
  }
}
