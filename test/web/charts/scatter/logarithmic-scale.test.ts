import { expect, it } from 'vitest'
import { logarithmicScale } from '../../../../web/charts/scatter/logarithmic-scale.ts'

it('spaces decades evenly where the values span one or more', () => {
  const { at, ticks } = logarithmicScale([1e3, 1e6], [0, 300], 4)
  expect(at(1e5) - at(1e4)).toBeCloseTo(at(1e6) - at(1e5), 6)
  expect(ticks).toEqual([1e3, 1e4, 1e5, 1e6])
})

it('is linear within a decade, and of a single value or of nothing', () => {
  const { at } = logarithmicScale([100, 900], [0, 100], 5)
  expect(at(500) - at(100)).toBeCloseTo(at(900) - at(500), 6)
  for (const range of [
    [70, 70],
    [0, 50],
  ] as const)
    expect(logarithmicScale(range, [0, 100], 5).ticks.every(Number.isFinite)).toBe(true)
})
