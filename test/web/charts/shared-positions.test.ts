import { expect, it } from 'vitest'
import { chartData } from '../../../web/charts/chart-data.ts'
import { type Drawn, sharePositions } from '../../../web/charts/points/shared-positions.ts'

const POINTS = 500

/** Runs of different speeds, each of which has its points at times of its own. */
const runs = (count: number): Drawn[] =>
  Array.from({ length: count }, (_, k) => [
    Array.from({ length: POINTS }, (_, i) => i * (1 + 0.013 * k) + Math.sin(k * i) * 0.3),
    Array.from({ length: POINTS }, (_, i) => Math.exp(-i / 100)),
  ])

const positionsOf = (lines: readonly Drawn[]) => new Set(lines.flatMap(([xs]) => xs))

it('leaves lines as they are while few positions are theirs together', () => {
  const lines = runs(3)
  expect(sharePositions(lines, null)).toEqual(lines)
})

it('makes a hundred runs share a few thousand positions, each moved by less than is seen', () => {
  const lines = runs(100)
  const shared = sharePositions(lines, null)
  expect(positionsOf(lines).size).toBeGreaterThan(40_000)
  expect(positionsOf(shared).size).toBeLessThan(3_100)
  const width = Math.max(...positionsOf(lines))
  for (const [k, [xs]] of shared.entries()) {
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    const original = lines[k]![0]
    expect(Math.abs(xs[0]! - original[0]!)).toBeLessThan(width / 2_900)
    expect(Math.abs(xs.at(-1)! - original.at(-1)!)).toBeLessThan(width / 2_900)
  }
})

it('places them more closely where the chart is zoomed in', () => {
  const lines = runs(100)
  const shared = sharePositions(lines, [100, 110])
  for (const [k, [xs, ys]] of shared.entries()) {
    const seen = lines[k]![0].filter((x) => x > 101 && x < 109)
    expect(seen.every((x) => xs.some((near) => Math.abs(near - x) < 0.01))).toBe(true)
    expect(ys).toHaveLength(xs.length)
  }
})

it('keeps beyond the zoom what is beyond it, and every line in its order', () => {
  const [from, to] = [100, 110]
  const lines = runs(100)
  const shared = sharePositions(lines, [from, to])
  for (const [k, [xs]] of shared.entries()) {
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    const original = lines[k]![0].filter((x) => x >= from && x <= to)
    for (const x of xs.filter((x) => x >= from && x <= to))
      expect(original.some((near) => Math.abs(near - x) < 0.01)).toBe(true)
  }
})

it('keeps a spike among points that come to lie on one another', () => {
  const [first, ...others] = runs(100)
  const close = Array.from({ length: POINTS }, (_, i) => i / 1e6)
  const spiked: Drawn = [close, close.map((_, i) => (i === 250 ? 9 : 1))]
  const [, shared] = sharePositions([first!, spiked, ...others], null)
  expect(shared![0].length).toBeLessThan(5)
  expect(shared![1]).toContain(9)
})

it('draws a hundredth of what all positions of all lines would be', () => {
  const lines = runs(100).map(([xs, values], k) => ({
    ...{ label: `${k}`, colour: '#4f55d3', dash: [] },
    ...{ steps: xs.map((_, i) => i + 1), xs, values: values as number[] },
  }))
  const data = chartData(lines, { smoothing: 0, logarithmic: false, stepsPerUnit: 1, unit: 'time' })
  expect(data).toHaveLength(101)
  expect(data[0].length).toBeLessThan(3_100)
})
