/** Places values of a range along a length. */
export interface LinearScale {
  at: (value: number) => number
  /** Round values within the range, ascending. */
  ticks: number[]
}

/** @param range  widened a little, so that nothing lies on the edge */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  mostTicks: number,
): LinearScale {
  const span = high - low || Math.abs(high) || 1
  const [first, last] = [low - 0.05 * span, high + 0.05 * span]
  return {
    at: (value) => from + ((value - first) / (last - first)) * (to - from),
    ticks: roundTicks(first, last, Math.max(2, mostTicks)),
  }
}

function roundTicks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((times) => times * power).find((wanted) => wanted >= rough) ?? rough
  const count = Math.floor(high / step) - Math.ceil(low / step) + 1
  // Multiplied, not added up: 0.1 + 0.2 is no round value.
  return Array.from({ length: count }, (_, i) => Number(((Math.ceil(low / step) + i) * step).toPrecision(12)))
}
