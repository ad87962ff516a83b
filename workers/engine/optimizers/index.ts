import type { OptimizerSettings } from '../../../contract/recipes/recipe.ts'
import { adam } from './adam.ts'
import { adamW } from './adamw.ts'
import type { Optimizer } from './optimizer.ts'
import { sgd } from './sgd.ts'

type Kind = OptimizerSettings['kind']

/** One optimizer per kind that a recipe can have. */
export const OPTIMIZERS = {
  SGD: sgd,
  ADAM: adam,
  ADAMW: adamW,
} as const satisfies { [K in Kind]: Optimizer<Extract<OptimizerSettings, { kind: K }>> }

export function optimizerOf({ kind }: OptimizerSettings): Optimizer<OptimizerSettings> {
  return OPTIMIZERS[kind] as Optimizer<OptimizerSettings>
}
