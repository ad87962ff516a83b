/** A difference of shares in percentage points: `+1.6`, `−0.9`, or `±0.0` if it rounds to zero. */
export function formatPoints(difference: number): string {
  const points = Math.abs(100 * difference).toFixed(1)
  if (points === '0.0') return '±0.0'
  return `${difference > 0 ? '+' : '−'}${points}`
}
