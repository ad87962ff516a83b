/** The standard normal distribution. */

/** P(Z > z), by the continued fraction of Mills' ratio, or below 3 by the series of the distribution around 0. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  if (z < 3) {
    let term = z
    let sum = z
    for (let k = 3; term > 1e-17 * sum; k += 2) {
      term *= (z * z) / k
      sum += term
    }
    return 0.5 - density * sum
  }
  let ratio = z
  for (let k = 60; k > 0; k--) ratio = z + k / ratio
  return density / ratio
}

/** The z with P(Z > z) = p, for p up to 1/2; bisected down to adjacent numbers. */
export function normalUpperQuantile(p: number): number {
  let low = 0
  let high = 40
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (normalTail(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
