import { describe, expect, it } from 'vitest'
import { augment, drawSourceGrid } from '../../../../workers/engine/batches/augmentation.ts'
import { balancedWeights } from '../../../../workers/engine/batches/class-weights.ts'
import { drawErasedRectangles, erase } from '../../../../workers/engine/batches/erasing.ts'
import { drawMixing, mix } from '../../../../workers/engine/batches/mixing.ts'
import { resize } from '../../../../workers/engine/batches/resize.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import { tf } from '../../../../workers/engine/tensorflow.ts'

const size = { height: 3, width: 4, channels: 1 } as const

describe('augmentation', () => {
  const picture = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ]
  // The border mirrors without repeating the edge: 2 1 0 1 2 3 2 1, as NumPy's pad mode "reflect".
  const mirrored = (i: number, n: number) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i)
  const cropped = (top: number, left: number, flip: boolean) =>
    picture.map((_, y) => {
      const row = picture[0]!.map((_, x) => picture[mirrored(y + top, 3)]![mirrored(x + left, 4)]!)
      return flip ? row.reverse() : row
    })
  const augmentOnce = (key: number, cropPadding: number, flip: boolean) => {
    const { rows, columns } = drawSourceGrid(1, size, { cropPadding, flip }, createGenerator(key))
    const pixels = tf.tensor4d(picture.flat(), [1, 3, 4, 1])
    const moved = augment(pixels, tf.tensor2d(rows, [1, 3], 'int32'), tf.tensor2d(columns, [1, 4], 'int32'))
    return JSON.stringify(moved.reshape([3, 4]).arraySync())
  }

  it('makes exactly the crops of a reflected border, flipped or not, and each of them', () => {
    const offsets = [-2, -1, 0, 1, 2]
    const possible = offsets.flatMap((top) =>
      offsets.flatMap((left) => [false, true].map((flip) => JSON.stringify(cropped(top, left, flip)))),
    )
    const seen = new Set(Array.from({ length: 600 }, (_, key) => augmentOnce(key, 2, true)))
    expect([...seen].filter((result) => !possible.includes(result))).toEqual([])
    expect(seen.size).toBe(new Set(possible).size)
  })

  it('leaves the image alone where the recipe has neither crop nor flip', () => {
    expect(augmentOnce(1, 0, false)).toBe(JSON.stringify(picture))
  })

  it('moves every image of a batch and every channel by its own draw', () => {
    const pixels = tf.range(0, 2 * 3 * 4 * 3).reshape([2, 3, 4, 3])
    const rows = tf.tensor2d([0, 1, 2, 2, 1, 0], [2, 3], 'int32')
    const columns = tf.tensor2d([0, 1, 2, 3, 3, 2, 1, 0], [2, 4], 'int32')
    const expected = tf.concat([pixels.slice([0], [1]), pixels.slice([1], [1]).reverse([1, 2])])
    expect(augment(pixels, rows, columns).arraySync()).toEqual(expected.arraySync())
  })
})

describe('random erasing', () => {
  const [height, width] = [20, 12]
  /** The rectangle of each image, or undefined where nothing is erased. */
  const drawBoxes = (count: number, share: number) => {
    const { erasedRows, erasedColumns } = drawErasedRectangles(
      count,
      { height, width },
      share,
      createGenerator(1),
    )
    return Array.from({ length: count }, (_, i) => {
      const rows = erasedRows.slice(i * height, (i + 1) * height)
      const columns = erasedColumns.slice(i * width, (i + 1) * width)
      const sides = [rows, columns].map((line) => line.reduce((sum, value) => sum + value, 0))
      return { rows, columns, area: sides[0]! * sides[1]!, sides }
    })
  }

  it('takes about its share of the images', () => {
    const erased = drawBoxes(2000, 0.3).filter(({ area }) => area > 0).length
    expect(erased / 2000).toBeGreaterThan(0.26)
    expect(erased / 2000).toBeLessThan(0.34)
    expect(drawBoxes(200, 0).every(({ area }) => area === 0)).toBe(true)
  })

  it('takes one rectangle of 2 to 40 % of the area, up to a rounded pixel, inside the image', () => {
    const gaps = (line: Float32Array) => line.join('').replace(/^0+|0+$/g, '')
    for (const { rows, columns, sides, area } of drawBoxes(500, 1)) {
      expect(gaps(rows)).toMatch(/^1+$/)
      expect(gaps(columns)).toMatch(/^1+$/)
      const [h, w] = sides as [number, number]
      expect((h + 0.5) * (w + 0.5)).toBeGreaterThan(0.02 * height * width)
      expect((h - 0.5) * (w - 0.5)).toBeLessThan(0.4 * height * width)
      expect(area).toBeGreaterThan(0)
    }
  })

  it('sets the rectangle to 0 in every channel and leaves the rest', () => {
    const pixels = tf.range(1, 1 + 2 * 3 * 2).reshape([1, 2, 3, 2])
    const erased = erase(pixels, tf.tensor2d([[0, 1]]), tf.tensor2d([[1, 1, 0]]))
    expect(erased.flatten().arraySync()).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 11, 12])
  })
})

describe('mixing in pairs', () => {
  const [height, width] = [20, 12]
  const draw = (settings: { mixup: number; cutmix: number }, count = 2000) => {
    const random = createGenerator('mixing')
    return Array.from({ length: count }, () => drawMixing(4, { height, width }, settings, random))
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

  it.each([0.2, 1, 4])('draws mixup’s share from Beta(%s, itself)', (alpha) => {
    const shares = draw({ mixup: alpha, cutmix: 0 }).map(({ otherShare }) => otherShare[0]!)
    expect(Math.abs(mean(shares) - 0.5)).toBeLessThan(0.03)
    const variance = mean(shares.map((share) => (share - 0.5) ** 2))
    expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeCloseTo(1, 0.9)
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...shares)).toBeLessThanOrEqual(1)
  })

  it('pastes one box inside the image for CutMix, whose area is the other label’s share', () => {
    const gaps = (line: Float32Array) => line.join('').replace(/^0+|0+$/g, '')
    const drawn = draw({ mixup: 0, cutmix: 1 }, 500)
    for (const { mixedRows, mixedColumns, otherShare } of drawn) {
      expect(gaps(mixedRows)).toMatch(/^1*$/)
      expect(gaps(mixedColumns)).toMatch(/^1*$/)
      const area = mean([...mixedRows]) * mean([...mixedColumns])
      expect(otherShare[0]).toBeCloseTo(area, 6)
    }
    expect(new Set(drawn.map(({ mixedRows }) => mixedRows.join())).size).toBeGreaterThan(50)
  })

  it('takes either for about half of the batches where both are wanted, and mixes every image with one', () => {
    const drawn = draw({ mixup: 1, cutmix: 1 })
    const cut = drawn.filter(({ mixedRows }) => mixedRows.every((share) => share === 0 || share === 1))
    expect(Math.abs(cut.length / drawn.length - 0.5)).toBeLessThan(0.05)
    for (const { mixedWith } of drawn) expect([...mixedWith].sort()).toEqual([0, 1, 2, 3])
  })

  it('blends or pastes what the draw says, in every channel', () => {
    const pixels = tf.tensor4d([1, 2, 3, 4, 10, 20, 30, 40], [2, 1, 2, 2])
    const mixedWith = tf.tensor1d([1, 0], 'int32')
    const shares = (row: number, columns: number[]) => ({
      ...{ mixedWith, mixedRows: tf.tensor1d([row]), mixedColumns: tf.tensor1d(columns) },
    })
    const pasted = mix(pixels, shares(1, [0, 1]))
    expect(pasted.flatten().arraySync()).toEqual([1, 2, 30, 40, 10, 20, 3, 4])
    const blended = mix(pixels, shares(0.25, [1, 1]))
    expect(blended.flatten().arraySync()).toEqual([3.25, 6.5, 9.75, 13, 7.75, 15.5, 23.25, 31])
  })
})

it('balanced weights let every class that is there count alike, and the average image 1', () => {
  const weights = balancedWeights([0, 0, 0, 0, 0, 0, 2, 2])
  expect([...weights].map((weight) => weight.toFixed(4))).toEqual(['0.6667', '0.0000', '2.0000'])
})

describe('resizing', () => {
  it('is bilinear between the pixels’ centres', () => {
    // Twice the size: the new centres lie at 1/4 and 3/4 between the old ones, the edge is repeated.
    const shrunk = resize(tf.tensor4d([0, 8, 0, 8, 0, 8, 0, 8], [1, 1, 8, 1]), { height: 1, width: 2 })
    expect([...shrunk.dataSync()].map((value) => Math.round(10 * value))).toEqual([37, 43])
    const row = resize(tf.tensor4d([0, 8], [1, 1, 2, 1]), { height: 1, width: 4 })
    expect(row.flatten().arraySync()).toEqual([0, 2, 6, 8])
  })

  it('leaves images of the wanted size as they are', () => {
    const pictures = tf.ones([1, 3, 4, 1])
    expect(resize(pictures, { height: 3, width: 4 })).toBe(pictures)
  })
})
