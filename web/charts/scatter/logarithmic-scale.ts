import { type LinearScale, linearScale } from '../linear-scale.ts'
import { logTicks } from '../log-ticks.ts'

/** From here on even steps would crowd the small values at the edge. */
const LEAST_RATIO = 10

/**
 * A logarithmic axis where the values span a decade or more, a linear one otherwise.
 * @param range  of values above 0
 */
export function logarithmicScale(
  [least, most]: readonly [number, number],
  length: readonly [number, number],
  mostTicks: number,
): LinearScale {
  if (!(least > 0) || most / least < LEAST_RATIO) return linearScale([least, most], length, mostTicks)
  const { at } = linearScale([Math.log(least), Math.log(most)], length, 2)
  const ticks = logTicks(least, most)
  const every = Math.ceil(ticks.length / Math.max(2, mostTicks))
  return { at: (value) => at(Math.log(value)), ticks: ticks.filter((_, i) => i % every === 0) }
}
