/**
 * How much of the error that a test may make is spent at each of several looks at growing data: the spending function of
 * Lan and DeMets (Discrete sequential boundaries for clinical trials, Biometrika 70, 1983) of the type of O'Brien and
 * Fleming, 2 - 2 Φ(z / sqrt(t)): hardly anything early, nearly all of it at the end.
 */
import { normalTail, normalUpperQuantile } from './normal.ts'

/**
 * The level of the test at each look. They add up to `level`, so that by Bonferroni's inequality the probability of any
 * false decision is at most `level`, whatever test is used at a look: a t-test too, whose few differences are no Brownian
 * motion.
 * @param looks  numbers of pairs, ascending; the last is the whole experiment
 */
export function levelsAt(looks: readonly number[], level: number): number[] {
  const whole = looks.at(-1) ?? 1
  const z = normalUpperQuantile(level / 2)
  let spent = 0
  return looks.map((pairs) => {
    const upToHere = 2 * normalTail(z / Math.sqrt(pairs / whole))
    const here = upToHere - spent
    spent = upToHere
    return here
  })
}
