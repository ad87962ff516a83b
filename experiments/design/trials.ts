import type { Cohort } from '../../contract/cohort.ts'
import type { Recipe } from '../../contract/recipes/recipe.ts'
import type { Design } from './experiment-file.ts'

export interface Trial {
  condition: string
  arm: string
  seed: number
  cohort: Cohort
  recipe: Recipe
}

/** Seeds outermost, so that an experiment that is cut short has whole pairs. */
export function trialsOf({
  seeds,
  conditions,
  arms,
}: Pick<Design, 'seeds' | 'conditions' | 'arms'>): Trial[] {
  return seeds.flatMap((seed) =>
    conditions.flatMap((condition) =>
      arms.map(({ name, cohort }) => ({
        condition: condition.name,
        arm: name,
        seed,
        cohort,
        recipe: condition.recipe,
      })),
    ),
  )
}

/**
 * Equal for trials that are the same training, whatever their arms are called: one run serves them all. Without teaching,
 * its settings make no difference.
 */
function orderKeyOf({ cohort, recipe, seed }: Pick<Trial, 'cohort' | 'recipe' | 'seed'>): string {
  const { students, teaching } = cohort
  const taught = teaching.method === 'INDEPENDENT' ? { method: teaching.method } : teaching
  return JSON.stringify([students, taught, recipe, seed])
}

/** The trials of each training, in the order in which the first of them comes. */
export function sharedOrders(trials: readonly Trial[]): Trial[][] {
  const orders = new Map<string, Trial[]>()
  for (const trial of trials) {
    const key = orderKeyOf(trial)
    orders.set(key, [...(orders.get(key) ?? []), trial])
  }
  return [...orders.values()]
}
