import { describe, expect, it } from 'vitest'
import { addLabelNoise } from '../../../../workers/engine/batches/label-noise.ts'

describe('label noise', () => {
  const clean = Int32Array.from({ length: 1000 }, (_, i) => i % 4)
  const disturb = (share: number, seed: number) => {
    const labels = clean.slice()
    const told = addLabelNoise(labels, 4, share, seed)
    return { labels, told, wrong: labels.filter((label, i) => label !== clean[i]).length }
  }

  it('makes exactly its share of the labels wrong, and says so', () => {
    for (const [share, count] of [
      [0, 0],
      [0.4, 400],
      [1, 1000],
    ] as const)
      expect(disturb(share, 1)).toMatchObject({ told: count, wrong: count })
  })

  it('draws each of the other classes alike', () => {
    const { labels } = disturb(1, 1)
    for (const c of [0, 1, 2, 3]) {
      const drawn = [...labels].filter((_, i) => clean[i] === c)
      for (const other of [0, 1, 2, 3]) {
        const share = drawn.filter((label) => label === other).length / drawn.length
        expect(share).toBeGreaterThanOrEqual(other === c ? 0 : 0.24)
        expect(share).toBeLessThanOrEqual(other === c ? 0 : 0.43)
      }
    }
  })

  it('depends on the seed alone', () => {
    expect(disturb(0.4, 1).labels).toEqual(disturb(0.4, 1).labels)
    expect(disturb(0.4, 1).labels).not.toEqual(disturb(0.4, 2).labels)
  })
})
