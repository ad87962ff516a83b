/**
 * Holm's step-down correction (Holm 1979): raises the p of each of several comparisons so that the probability of any
 * false positive among them stays below the level.
 * @returns in the order of `ps`
 */
export function holmCorrected(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => (ps[a] as number) - (ps[b] as number))
  const corrected = new Array<number>(ps.length)
  let largest = 0
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * (ps[index] as number)))
    corrected[index] = largest
  }
  return corrected
}
