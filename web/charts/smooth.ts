/**
 * An exponential moving average, its start corrected so that the first values are not drawn towards 0.
 * @param amount 0 (as measured) to below 1; the share that the past keeps at each point
 */
export function smooth(values: readonly number[], amount: number): number[] {
  let sum = 0
  let weight = 0
  return values.map((value) => {
    if (!Number.isFinite(value)) return value
    sum = amount * sum + (1 - amount) * value
    weight = amount * weight + (1 - amount)
    return sum / weight
  })
}
