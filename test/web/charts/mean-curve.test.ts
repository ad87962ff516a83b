import { expect, it } from 'vitest'
import { meanCurve } from '../../../web/charts/mean-curve.ts'

it('is the mean, deviation, lowest and highest of what each curve had last', () => {
  const curve = meanCurve([
    { steps: [1, 2, 4], values: [0, 2, 4] },
    { steps: [2, 3, 4], values: [4, 6, 8] },
  ])
  expect(curve).toEqual({
    steps: [2, 3, 4],
    mean: [3, 4, 6],
    low: [2, 2, 4],
    high: [4, 6, 8],
    deviation: [Math.SQRT2, Math.sqrt(8), Math.sqrt(8)],
  })
})

it('goes on with the others where one has become no number', () => {
  const curve = meanCurve([
    { steps: [1, 2], values: [1, Number.NaN] },
    { steps: [1, 2], values: [3, 5] },
  ])
  expect(curve.mean).toEqual([2, 5])
})

it('leaves out a curve that was never measured', () => {
  expect(meanCurve([{ steps: [], values: [] }]).steps).toEqual([])
  expect(
    meanCurve([
      { steps: [], values: [] },
      { steps: [1], values: [2] },
    ]).mean,
  ).toEqual([2])
})
