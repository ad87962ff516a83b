/** In interquartile ranges beyond the quartiles: what Tukey called far out. */
const FAR_OUT = 3
const PADDING = 0.05

/** The lowest and highest of some numbers, a little widened, without those that lie far from all others; null of none. */
export function rangeWithoutOutliers(
  values: readonly number[],
  isLogarithmic: boolean,
): [number, number] | null {
  const scaled = (isLogarithmic ? values.map(Math.log10) : [...values]).sort((a, b) => a - b)
  const [low, high] = [quantile(scaled, 0.25), quantile(scaled, 0.75)]
  const reach = FAR_OUT * (high - low)
  // Where half of the values are alike, whatever else there is would lie far out.
  const kept = reach > 0 ? scaled.filter((value) => value >= low - reach && value <= high + reach) : scaled
  const [first, last] = [kept.at(0), kept.at(-1)]
  if (first === undefined || last === undefined) return null
  // A twentieth of the least number there is would be nothing.
  const margin = PADDING * (last - first || Math.abs(first)) || 1
  const range: [number, number] = [first - margin, last + margin]
  return isLogarithmic ? [10 ** range[0], 10 ** range[1]] : range
}

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const [before, after] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
  return before + (place - Math.floor(place)) * (after - before)
}
