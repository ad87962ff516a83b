/** Exact tests of paired differences: no distribution is assumed and no p is approximated. */

/** With more differences there are too many sign flips to enumerate. */
export const MOST_PERMUTED = 20
/** Sums that differ by less than this share of the differences' total size are equal up to rounding. */
const RELATIVE_ROUNDING = 1e-9

/**
 * The two-sided p of the sign test: how likely fair coins are to split at least as unevenly. Zero differences are dropped
 * (Conover, Practical Nonparametric Statistics, section 3.4).
 */
export function signTestP(differences: readonly number[]): number {
  const positive = differences.filter((difference) => difference > 0).length
  const negative = differences.filter((difference) => difference < 0).length
  const n = positive + negative
  const fewer = Math.min(positive, negative)
  let term = 0.5 ** n
  let tail = 0
  for (let k = 0; k <= fewer; k++) {
    tail += term
    term *= (n - k) / (k + 1)
  }
  return Math.min(1, 2 * tail)
}

/**
 * The two-sided p of the paired permutation test: the share of all sign flips of the differences whose sum is at least as
 * far from 0 (Fisher, The Design of Experiments, section 21). With five differences it cannot be below 2/32.
 * @returns null where there are more than MOST_PERMUTED
 */
export function permutationP(differences: readonly number[]): number | null {
  if (differences.length > MOST_PERMUTED) return null
  const size = differences.reduce((sum, difference) => sum + Math.abs(difference), 0)
  const seen = Math.abs(differences.reduce((sum, difference) => sum + difference, 0))
  const least = seen - RELATIVE_ROUNDING * size
  const ways = 2 ** differences.length
  let asFar = 0
  for (let signs = 0; signs < ways; signs++) {
    const sum = differences.reduce(
      (total, difference, i) => total + ((signs >> i) & 1 ? -difference : difference),
      0,
    )
    if (Math.abs(sum) >= least) asFar++
  }
  return asFar / ways
}
