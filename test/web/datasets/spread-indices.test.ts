import { expect, it } from 'vitest'
import { spreadIndices } from '../../../web/features/try/picture/spread-indices.ts'

it.each([0, 1, 7, 12, 13, 100, 10_000])(
  'of %i images takes at most a dozen, spread over all, each once',
  (count) => {
    for (const round of [0, 1, 2, 17]) {
      const indices = spreadIndices(count, 12, round)
      expect(new Set(indices).size).toBe(Math.min(count, 12))
      for (const index of indices) expect(index).toBeLessThan(count)
      const tenths = new Set(indices.map((index) => Math.floor((10 * index) / count)))
      if (count >= 100) expect(tenths.size).toBe(10)
    }
  },
)

it('takes others the next time, where there are others', () => {
  const [first, second] = [0, 1].map((round) => spreadIndices(1000, 12, round))
  expect(first?.some((index) => second?.includes(index))).toBe(false)
})
