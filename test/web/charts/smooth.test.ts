import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smooth } from '../../../web/charts/points/smooth.ts'

const amounts = fc.double({ min: 0, max: 0.999, noNaN: true })
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((value) => !Object.is(value, -0))
const numbers = fc.array(number, { minLength: 1 })

describe('a smooth line', () => {
  it('is the line itself where nothing is smoothed', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        expect(smooth(values, 0)).toEqual(values)
      }),
    )
  })

  it('begins where the line begins, and stays between its lowest and its highest value', () => {
    fc.assert(
      fc.property(numbers, amounts, (values, amount) => {
        const smoothed = smooth(values, amount)
        const rounding = 1e-6
        expect(smoothed[0]).toBeCloseTo(values[0] ?? 0)
        for (const value of smoothed) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...values) - rounding)
          expect(value).toBeLessThanOrEqual(Math.max(...values) + rounding)
        }
      }),
    )
  })

  it('weighs each point by the share that the past keeps', () => {
    const [, second, third] = smooth([1, 3, 5], 0.5)
    expect(second).toBeCloseTo((0.5 * 1 + 1 * 3) / 1.5)
    expect(third).toBeCloseTo((0.25 * 1 + 0.5 * 3 + 1 * 5) / 1.75)
  })

  it('goes on after a value that is no number as if it had not been', () => {
    const [first, hole, spike, last] = smooth([1, Number.NaN, Number.POSITIVE_INFINITY, 3], 0.5)
    expect([first, hole, spike]).toEqual([1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(last).toBeCloseTo(smooth([1, 3], 0.5)[1] ?? 0)
  })
})
