import { permutationP, signTestP } from './exact-tests.ts'
import { twoSidedP, twoSidedQuantile } from './student-t.ts'

export const CONFIDENCE = 0.95

export interface Spread {
  mean: number
  /** Of the sample, with n - 1; null for a single value. */
  deviation: number | null
}

/** @param values  at least one */
export function spreadOf(values: readonly number[]): Spread {
  const mean = meanOf(values)
  if (values.length < 2) return { mean, deviation: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Statistics of the differences between pairs. */
export interface PairedDifference extends Spread {
  pairs: number
  /** Pairs whose difference is above 0, and below. */
  above: number
  below: number
  /** Of the mean, by Student's t; null for a single pair. */
  interval: { low: number; high: number } | null
  /** Two-sided p of the paired t-test; null for a single pair. */
  tP: number | null
  signP: number
  permutationP: number | null
}

/** @param differences  one a pair, at least one; @param confidence  of the interval */
export function pairedDifference(
  differences: readonly number[],
  confidence: number = CONFIDENCE,
): PairedDifference {
  const { mean, deviation } = spreadOf(differences)
  const pairs = differences.length
  return {
    mean,
    deviation,
    pairs,
    above: differences.filter((difference) => difference > 0).length,
    below: differences.filter((difference) => difference < 0).length,
    ...studentOf(mean, deviation, pairs, confidence),
    signP: signTestP(differences),
    permutationP: permutationP(differences),
  }
}

function studentOf(
  mean: number,
  deviation: number | null,
  pairs: number,
  confidence: number,
): Pick<PairedDifference, 'interval' | 'tP'> {
  if (deviation === null) return { interval: null, tP: null }
  const standardError = deviation / Math.sqrt(pairs)
  // All differences are equal: t is infinite, or 0/0 where they are 0.
  if (standardError === 0) return { interval: { low: mean, high: mean }, tP: mean === 0 ? 1 : 0 }
  const reach = twoSidedQuantile(1 - confidence, pairs - 1) * standardError
  return {
    interval: { low: mean - reach, high: mean + reach },
    tP: twoSidedP(mean / standardError, pairs - 1),
  }
}
