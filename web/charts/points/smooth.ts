/**
 * An exponential moving average with bias correction, so that the first values are not drawn towards 0.
 * @param amount decay, from 0 (no smoothing) to less than 1
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
