import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locatePicture, pictureBytesOf, placeShards } from '../../../contract/packed/locate.ts'

/** Shards of 1 to 40 images, as many as 30 of them, and the bytes of an image. */
const layout = fc.record({
  counts: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
  pictureBytes: fc.integer({ min: 64, max: 512 * 512 * 3 }),
})

function place(counts: readonly number[]) {
  const shards = counts.map((count, i) => ({ sha256: `shard-${i}`, count }))
  return placeShards({ count: counts.reduce((sum, count) => sum + count, 0), shards })
}

/** Every image of a split in order, each with its shard and where it begins there: what writing them one by one gives. */
function written(counts: readonly number[], pictureBytes: number) {
  return counts.flatMap((count, i) =>
    Array.from({ length: count }, (_, n) => ({ sha256: `shard-${i}`, offset: n * pictureBytes })),
  )
}

describe('a packed image', () => {
  it('is found where it was written, whichever shards its split has', () => {
    fc.assert(
      fc.property(layout, ({ counts, pictureBytes }) => {
        const shards = place(counts)
        for (const [index, { sha256, offset }] of written(counts, pictureBytes).entries()) {
          const part = locatePicture(shards, index, pictureBytes)
          expect(part).toMatchObject({ shard: { sha256 }, offset, length: pictureBytes })
        }
      }),
    )
  })

  it('is nowhere before the first, behind the last, or between two', () => {
    fc.assert(
      fc.property(layout, ({ counts, pictureBytes }) => {
        const shards = place(counts)
        const count = counts.reduce((sum, n) => sum + n, 0)
        for (const index of [-1, -0.5, count, count + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
          expect(locatePicture(shards, index, pictureBytes)).toBeNull()
      }),
    )
  })

  it('never reaches beyond its shard', () => {
    fc.assert(
      fc.property(layout, fc.nat(1200), ({ counts, pictureBytes }, index) => {
        const part = locatePicture(place(counts), index, pictureBytes)
        if (part) expect(part.offset + part.length).toBeLessThanOrEqual(part.shard.count * pictureBytes)
      }),
    )
  })

  it('has a byte for every channel of every pixel', () => {
    expect(pictureBytesOf({ height: 28, width: 28, channels: 1 })).toBe(784)
    expect(pictureBytesOf({ height: 128, width: 64, channels: 3 })).toBe(24_576)
  })
})

describe('the shards of a split', () => {
  it('follow each other without a gap', () => {
    expect(place([3, 1, 5]).map(({ first, count }) => [first, count])).toEqual([
      [0, 3],
      [3, 1],
      [4, 5],
    ])
  })

  it('are refused where they hold more or fewer images than the manifest says', () => {
    expect(() => placeShards({ count: 4, shards: [{ sha256: '', count: 3 }] })).toThrow(
      'the shards hold 3 images, the manifest says 4',
    )
  })
})
