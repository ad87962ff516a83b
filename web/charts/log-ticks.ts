/** More would not fit beside each other in a chart of usual height. */
const MOST_TICKS = 8
const FEWEST_TICKS = 3

/**
 * Where a logarithmic axis is labelled: decades where there are many, with their 2 and 5 where there are few, and in
 * equal, round steps where not even these come thrice.
 * @param least  above 0
 * @param most  above `least`
 */
export function logTicks(least: number, most: number): number[] {
  if (!(least > 0) || !(most > least)) return []
  const isInside = (value: number) => value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9)
  const decades = decadesBetween(least, most)
  const fine = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]).filter(isInside)
  if (fine.length < FEWEST_TICKS) return roundSteps(least, most).filter(isInside)
  if (fine.length <= MOST_TICKS) return fine
  const whole = decades.filter(isInside)
  const every = Math.ceil(whole.length / MOST_TICKS)
  return whole.filter((_, i) => i % every === 0)
}

function decadesBetween(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least))
  const last = Math.ceil(Math.log10(most))
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
}

function roundSteps(least: number, most: number): number[] {
  const rough = (most - least) / (FEWEST_TICKS + 1)
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = unit * ([1, 2, 5].find((factor) => factor * unit >= rough) ?? 10)
  const first = Math.ceil(least / step)
  const count = Math.max(0, Math.floor(most / step) - first + 1)
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}
