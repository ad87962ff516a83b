/** About twice as many as a wide chart has pixels: what is moved by less than half of one is not seen to move. */
const MAX_POSITIONS = 3_000

/** What a chart draws of a line: ascending positions, and a value for each. */
export type Drawn = [xs: readonly number[], ys: readonly (number | null)[]]

/**
 * Lines that each have positions of their own, as runs have on a time axis, made to share few. Every position of every
 * line costs as much as there are lines: a hundred runs of 500 points would be five million.
 * @param zoom the part of the axis that is shown, where they are closest together
 */
export function sharePositions(lines: readonly Drawn[], zoom: readonly [number, number] | null): Drawn[] {
  if (!hasMany(lines)) return [...lines]
  const whole = rangeOf(lines)
  const [from, to] = zoom ?? whole
  const fine = (to - from) / MAX_POSITIONS
  const coarse = (whole[1] - whole[0]) / MAX_POSITIONS
  const snap = (x: number) => {
    if (coarse === 0 || fine === 0) return x
    // What is beyond the zoom stays beyond it: it would be drawn among what is seen, and out of order.
    if (x < from) return from - Math.ceil((from - x) / coarse) * coarse
    if (x > to) return to + Math.ceil((x - to) / coarse) * coarse
    return from + Math.round((x - from) / fine) * fine
  }
  return lines.map((line) => snapped(line, snap))
}

function hasMany(lines: readonly Drawn[]): boolean {
  const all = new Set<number>()
  for (const [xs] of lines) {
    for (const x of xs) all.add(x)
    if (all.size > MAX_POSITIONS) return true
  }
  return false
}

function rangeOf(lines: readonly Drawn[]): [number, number] {
  const firsts = lines.flatMap(([xs]) => xs.slice(0, 1))
  const lasts = lines.flatMap(([xs]) => xs.slice(-1))
  return [Math.min(...firsts), Math.max(...lasts)]
}

/** Of a line's points that come to lie on one another, the one farthest from what was before: a spike stays. */
function snapped([xs, ys]: Drawn, snap: (x: number) => number): Drawn {
  const positions: number[] = []
  const values: (number | null)[] = []
  let before: number | null = null
  for (const [i, x] of xs.entries()) {
    const [at, y = null] = [snap(x), ys[i]]
    const last = positions.length - 1
    const kept = values[last] ?? null
    if (positions[last] !== at) {
      before = kept ?? y
      positions.push(at)
      values.push(y)
    } else if (distance(y, before) > distance(kept, before)) values[last] = y
  }
  return [positions, values]
}

function distance(y: number | null, from: number | null): number {
  return y === null ? -1 : Math.abs(y - (from ?? 0))
}
