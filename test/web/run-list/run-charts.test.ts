import { expect, it } from 'vitest'
import { axisFormatOf, type RunChart } from '../../../web/features/run-list/run-charts.ts'

it.each([
  [0, '0'],
  [0.25, '0.25'],
  [2000, '2000'],
  [500_000, '5e+5'],
  [150_000_000_000_000, '1.5e+14'],
  [-2e6, '-2e+6'],
  [1e-7, '1e-7'],
])('a loss of %d stands at its axis as %s', (value, words) => {
  expect(axisFormatOf({ isShare: false } as RunChart)(value)).toBe(words)
})
