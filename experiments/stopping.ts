/** Ending an experiment as soon as it is decided, by a rule that is declared before it begins. */
import { z } from 'zod'
import { levelsAt } from './statistics/alpha-spending.ts'
import { CONFIDENCE } from './statistics/paired-difference.ts'

export const FEWEST_SEEDS_AT_A_LOOK = 3

export const Stopping = z
  .strictObject({
    /** Numbers of seeds after which the main result is looked at, ascending; the last is all of them. */
    looks: z
      .array(z.int().min(FEWEST_SEEDS_AT_A_LOOK, `a look needs at least ${FEWEST_SEEDS_AT_A_LOOK} seeds`))
      .min(2, 'at least two looks, or there is nothing to stop early')
      .max(20),
  })
  .refine(({ looks }) => looks.every((look, i) => i === 0 || look > (looks[i - 1] ?? 0)), {
    path: ['looks'],
    error: 'each look comes after more seeds than the one before it',
  })
export type Stopping = z.infer<typeof Stopping>

/**
 * The confidence of an interval of so many pairs: that of the look at or after them, so that intervals at all looks hold
 * together (repeated confidence intervals, Jennison and Turnbull 1989).
 */
export function confidenceAt(stopping: Stopping | undefined, pairs: number): number {
  if (!stopping) return CONFIDENCE
  const levels = levelsAt(stopping.looks, 1 - CONFIDENCE)
  const at = stopping.looks.findIndex((look) => look >= pairs)
  return 1 - (levels.at(at) ?? 1 - CONFIDENCE)
}
