/**
 * Bilinear resampling, antialiased where it shrinks, along one side: by the pixels' centres, which lie at halves, with a
 * triangle as wide as the scale that is cut off at the border. The same in training, in the browser and in the examples.
 * @returns wanted × length, row by row: the share of every pixel in every new one; the sum of each row is 1
 */
export function resamplingShares(length: number, wanted: number): Float32Array {
  const factor = length / wanted
  const reach = Math.max(1, factor)
  const shares = new Float32Array(wanted * length)
  for (let i = 0; i < wanted; i++) {
    const center = (i + 0.5) * factor - 0.5
    const row = Array.from({ length }, (_, k) => Math.max(0, 1 - Math.abs(k - center) / reach))
    const sum = row.reduce((total, share) => total + share, 0)
    for (const [k, share] of row.entries()) shares[i * length + k] = share / sum
  }
  return shares
}
