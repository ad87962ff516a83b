import { expect, it } from 'vitest'
import { describeHeat, formatDrop } from '../../web/features/try/heat/describe-heat.ts'
import type { HeatMap } from '../../web/features/try/heat/occlude.ts'

const mapOf = (drops: number[], scale = 0.5) =>
  ({
    patch: 7,
    scale,
    regions: drops.map((drop, i) => ({ row: Math.floor(i / 3), column: i % 3, drop })),
  }) as HeatMap

it.each([
  [
    [0.4, 0.1, 0, 0, 0.2, 0, 0, 0, 0],
    'depends most on the upper left: there, covering 7 × 7 pixels lowers the probability by 0.40',
  ],
  [[0, 0.1, 0, 0, 0.2, 0, 0, 0, 0], 'the centre'],
  [[0, 0, 0, 0, 0.2, 0.3, 0, 0, 0], 'the right'],
  [[0, 0, 0, 0, 0.2, 0, 0, 0.3, 0], 'the lower middle'],
  [[-0.1, 0, 0, 0, -0.2, 0, 0, 0, 0], 'No part speaks for it'],
])('of %o says “%s”', (drops, words) => {
  expect(describeHeat(mapOf(drops), 'probability')).toContain(words)
})

it('says where nothing matters', () => {
  expect(describeHeat(mapOf(Array(9).fill(0.0005), 0.001), 'cosine similarity')).toBe(
    'No part matters much: covering 7 × 7 pixels changes the cosine similarity by 0.001 at most.',
  )
})

it.each([
  [0.456, 0.5, '0.46'],
  [-0.456, 0.5, '−0.46'],
  [-0.001, 0.5, '0.00'],
  [-0.0041, 0.01, '−0.004'],
])('writes a drop of %f beside one of %f as %s', (drop, scale, words) => {
  expect(formatDrop(drop, scale)).toBe(words)
})
