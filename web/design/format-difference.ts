/** A difference of shares in points of a hundred: `+1.6`, `−0.9`, and `±0.0` where it is too small to be told. */
export function formatPoints(difference: number): string {
  const points = Math.abs(100 * difference).toFixed(1)
  if (points === '0.0') return '±0.0'
  return `${difference > 0 ? '+' : '−'}${points}`
}
