import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logTicks } from '../../../web/charts/log-ticks.ts'

describe('the ticks of a logarithmic axis', () => {
  it('are decades over a wide range, with 2 and 5 over a narrower one', () => {
    expect(logTicks(1e-3, 1e3)).toEqual([1e-3, 0.01, 0.1, 1, 10, 100, 1000])
    expect(logTicks(0.01, 10)).toEqual([0.01, 0.1, 1, 10])
    expect(logTicks(0.1, 10)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10])
  })

  it('are round and equally far apart within a stretch that was zoomed into', () => {
    expect(logTicks(0.31, 0.38)).toEqual([0.32, 0.34, 0.36, 0.38])
    expect(logTicks(2.1, 4.9)).toEqual([2.5, 3, 3.5, 4, 4.5])
  })

  it('are at least two, ascending and inside, whatever the range', () => {
    const range = fc
      .tuple(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: 0.01, max: 12, noNaN: true }))
      .map(([from, decades]) => [10 ** from, 10 ** (from + decades)] as const)
    fc.assert(
      fc.property(range, ([least, most]) => {
        const ticks = logTicks(least, most)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(12)
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b))
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(least * 0.999999)
          expect(tick).toBeLessThanOrEqual(most * 1.000001)
        }
      }),
    )
  })

  it('are none where there is no range', () => {
    expect(logTicks(0, 1)).toEqual([])
    expect(logTicks(1, 1)).toEqual([])
  })
})
