import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rangeWithoutOutliers } from '../../../web/charts/y-range.ts'

it('leaves out what lies far from all others, on a logarithmic axis by its orders of magnitude', () => {
  const usual = Array.from({ length: 40 }, (_, i) => 1 + i / 40)
  const [low = 0, high = 0] = rangeWithoutOutliers([...usual, 1e18], false) ?? []
  expect(low).toBeLessThan(1)
  expect([high > 1.97, high < 2.2]).toEqual([true, true])
  expect(rangeWithoutOutliers([...usual, 1e18], true)?.[1]).toBeLessThan(2.2)
  expect(rangeWithoutOutliers([1, 10, 100, 1000, 10_000], true)?.[1]).toBeGreaterThan(10_000)
})

it('has room for every value where none lies far out, and for values that are all alike', () => {
  expect(rangeWithoutOutliers([1, 2, 3], false)).toEqual([0.9, 3.1])
  expect(rangeWithoutOutliers([5, 5, 5, 6], false)).toEqual([4.95, 6.05])
  expect(rangeWithoutOutliers([2, 2], false)).toEqual([1.9, 2.1])
  expect(rangeWithoutOutliers([0, 0], false)).toEqual([-1, 1])
  expect(rangeWithoutOutliers([-5e-324], false)).toEqual([-1, 1])
  expect(rangeWithoutOutliers([], false)).toBeNull()
})

it('always goes up, and holds half of the values', () => {
  const some = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(some, (values) => {
      const [low, high] = rangeWithoutOutliers(values, false) ?? [0, 0]
      expect(low).toBeLessThan(high)
      const inside = values.filter((value) => value >= low && value <= high).length
      expect(inside).toBeGreaterThanOrEqual(values.length / 2)
    }),
  )
})
