import fc from 'fast-check'
import type uPlot from 'uplot'
import { expect, it } from 'vitest'
import { chartOptions } from '../../../web/charts/chart-options.ts'
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

it('is that of the part of the axis that a zoom shows, while the plot still has the part before', () => {
  const view = { smoothing: 0, logarithmic: false, stepsPerUnit: 1, withoutOutliers: true }
  const line = { label: 'ada', colour: '#4f55d3', dash: [], steps: [], values: [] }
  const appearance = {
    ...{ scheme: 'light' as const, view, unit: 'step' as const, width: 400, height: 200, syncKey: 'run' },
    ...{ formatX: String, formatY: String, onCursor: () => {}, onZoom: () => {} },
    zoom: () => [3, 4] as const,
  }
  const range = chartOptions([line], appearance).scales?.y?.range as uPlot.Range.Function
  const data: uPlot.AlignedData = [
    [1, 2, 3, 4],
    [9, 8, 1, 2],
  ]
  const plot = { data, scales: { x: { min: 0, max: 4 } } } as unknown as uPlot
  expect(range(plot, 1, 9, 'y')).toEqual([0.95, 2.05])
})
