import type { OptimizerSettings } from '../../../contract/recipe.ts'
import { adam } from './adam.ts'
import { adamW } from './adamw.ts'
import type { Optimizer } from './optimizer.ts'
import { sgd } from './sgd.ts'

type Kind = OptimizerSettings['kind']

/** One optimizer for every kind that a recipe can name. */
export const OPTIMIZERS = {
  SGD: sgd,
  ADAM: adam,
  ADAMW: adamW,
} as const satisfies { [K in Kind]: Optimizer<Extract<OptimizerSettings, { kind: K }>> }

/** The optimizer that takes these settings. */
export function optimizerOf({ kind }: OptimizerSettings): Optimizer<OptimizerSettings> {
  return OPTIMIZERS[kind] as Optimizer<OptimizerSettings>
}
