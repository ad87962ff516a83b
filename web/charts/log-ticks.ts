/** More would not fit in a chart of the usual height. */
const MAX_TICKS = 8
const FEWEST_TICKS = 3

/**
 * Ticks of a logarithmic axis: decades if there are many, with their 2 and 5 if there are few, and equal,
 * round steps if even these would give fewer than three.
 * @param least  above 0
 * @param most  above `least`
 */
export function logTicks(least: number, most: number): number[] {
  if (!(least > 0) || !(most > least)) return []
  const isInside = (value: number) => value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9)
  const decades = decadesBetween(least, most)
  const fine = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]).filter(isInside)
  if (fine.length < FEWEST_TICKS) return roundSteps(least, most).filter(isInside)
  if (fine.length <= MAX_TICKS) return fine
  const whole = decades.filter(isInside)
  const every = Math.ceil(whole.length / MAX_TICKS)
  return whole.filter((_, i) => i % every === 0)
}

function decadesBetween(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least))
  const last = Math.ceil(Math.log10(most))
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
}

function roundSteps(least: number, most: number): number[] {
  // Rounded down, so that at least as many fit.
  const rough = (most - least) / FEWEST_TICKS
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = unit * ([5, 2].find((factor) => factor * unit <= rough) ?? 1)
  const first = Math.ceil(least / step)
  const count = Math.max(0, Math.floor(most / step) - first + 1)
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}
