import { RunningDifference } from './running-difference.ts'

/** Whether each image was misclassified, one list a student. */
export type Errors = readonly (readonly boolean[])[]

/**
 * The mean correlation (phi coefficient) of two students' errors, beside their twins'. Over pairs of which both exist:
 * there is none where a student errs always or never.
 * @returns null where no pair is left
 */
export function compareErrorCorrelations(own: Errors, alone: Errors): RunningDifference | null {
  const pairs = own.flatMap((_, j) => own.slice(j + 1).map((_, i) => [j, j + 1 + i] as const))
  const known = pairs.flatMap(([j, k]) => {
    const [here, there] = [partsOf(own[j], own[k]), partsOf(alone[j], alone[k])]
    return here && there ? [{ here, there }] : []
  })
  if (known.length === 0) return null
  const difference = new RunningDifference()
  for (const image of own[0]?.keys() ?? []) {
    const mean = (side: 'here' | 'there') =>
      known.reduce((sum, pair) => sum + (pair[side][image] ?? 0), 0) / known.length
    difference.add(mean('here'), mean('there'))
  }
  return difference
}

/**
 * Each image's part in the correlation r of two variables, with u and v in units of their deviations: the parts' mean is r,
 * and they vary by its influence function, u·v - r·(u² + v²)/2 (Hampel et al. 1986, section 4.2), so that the standard
 * error of their mean is that of r.
 */
function partsOf(one: readonly boolean[] = [], other: readonly boolean[] = []): Float64Array | null {
  const [u, v] = [standardized(one), standardized(other)]
  if (!u || !v) return null
  const products = u.map((value, i) => value * (v[i] ?? 0))
  const r = products.reduce((sum, product) => sum + product, 0) / products.length
  return products.map((product, i) => product - (r * ((u[i] ?? 0) ** 2 + (v[i] ?? 0) ** 2)) / 2 + r)
}

/** Null where all are the same. */
function standardized(events: readonly boolean[]): Float64Array | null {
  const share = events.filter(Boolean).length / events.length
  const deviation = Math.sqrt(share * (1 - share))
  return deviation > 0 ? Float64Array.from(events, (event) => (Number(event) - share) / deviation) : null
}
