import { rmSync, truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../../../contract/recipe-presets.ts'
import { augment, drawSourceGrid, resize } from '../../../../workers/engine/batches/augmentation.ts'
import { drawErasedRectangles, erase } from '../../../../workers/engine/batches/erasing.ts'
import { evaluationBatches } from '../../../../workers/engine/batches/evaluation-batches.ts'
import { disturbLabels } from '../../../../workers/engine/batches/label-noise.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import {
  epochOrder,
  type TrainingBatch,
  trainingBatches,
} from '../../../../workers/engine/batches/training-batches.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import { tf } from '../../../../workers/engine/tensorflow.ts'
import { type StoredDataset, storeSyntheticDataset } from '../synthetic-dataset.ts'

const stored = storeSyntheticDataset()
const size = { height: 3, width: 4, channels: 1 } as const

describe('the order of an epoch', () => {
  it('holds every picture once', () => {
    expect([...epochOrder(50, 1, 0)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('depends on the seed and the epoch, and on nothing else', () => {
    expect(epochOrder(50, 1, 3)).toEqual(epochOrder(50, 1, 3))
    expect(epochOrder(50, 1, 3)).not.toEqual(epochOrder(50, 1, 4))
    expect(epochOrder(50, 1, 3)).not.toEqual(epochOrder(50, 2, 3))
  })
})

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

  it('leaves the picture alone where the recipe has neither crop nor flip', () => {
    expect(augmentOnce(1, 0, false)).toBe(JSON.stringify(picture))
  })

  it('moves every picture of a batch and every channel by its own draw', () => {
    const pixels = tf.range(0, 2 * 3 * 4 * 3).reshape([2, 3, 4, 3])
    const rows = tf.tensor2d([0, 1, 2, 2, 1, 0], [2, 3], 'int32')
    const columns = tf.tensor2d([0, 1, 2, 3, 3, 2, 1, 0], [2, 4], 'int32')
    const expected = tf.concat([pixels.slice([0], [1]), pixels.slice([1], [1]).reverse([1, 2])])
    expect(augment(pixels, rows, columns).arraySync()).toEqual(expected.arraySync())
  })
})

describe('random erasing', () => {
  const [height, width] = [20, 12]
  /** The rectangle of each picture, or undefined where nothing is erased. */
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

  it('takes about its share of the pictures', () => {
    const erased = drawBoxes(2000, 0.3).filter(({ area }) => area > 0).length
    expect(erased / 2000).toBeGreaterThan(0.26)
    expect(erased / 2000).toBeLessThan(0.34)
    expect(drawBoxes(200, 0).every(({ area }) => area === 0)).toBe(true)
  })

  it('takes one rectangle of 2 to 40 % of the area, up to a rounded pixel, inside the picture', () => {
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

describe('resizing', () => {
  it('is bilinear between the pixels’ centres', () => {
    // Twice the size: the new centres lie at 1/4 and 3/4 between the old ones, the edge is repeated.
    const row = resize(tf.tensor4d([0, 8], [1, 1, 2, 1]), { height: 1, width: 4 })
    expect(row.flatten().arraySync()).toEqual([0, 2, 6, 8])
  })

  it('leaves pictures of the wanted size as they are', () => {
    const pictures = tf.ones([1, 3, 4, 1])
    expect(resize(pictures, { height: 3, width: 4 })).toBe(pictures)
  })
})

describe('label noise', () => {
  const clean = Int32Array.from({ length: 1000 }, (_, i) => i % 4)
  const disturb = (share: number, seed: number) => {
    const labels = clean.slice()
    const told = disturbLabels(labels, 4, share, seed)
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

describe('training batches', () => {
  const recipe = resolveRecipe('quick', {
    epochs: 2,
    batchSize: 16,
    augmentation: { cropPadding: 2, flip: true },
  })
  const draw = async (seed: number) => {
    const split = PackedSplit.open(stored.dataset, 'train', stored.blobPaths)
    const batches = []
    for await (const batch of trainingBatches(split, stored.dataset, recipe, seed)) batches.push(batch)
    split.close()
    return batches
  }

  it('are the same for the same seed and others for another', async () => {
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
  })

  it('drop the remainder of an epoch and count steps over the whole run', async () => {
    const batches = await draw(1)
    expect(batches.map(({ step, epoch }) => [step, epoch])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
    ])
  })

  it('are the same in every stage of a run, erased rectangles included', async () => {
    const split = PackedSplit.open(stored.dataset, 'train', stored.blobPaths)
    const augmentation = { cropPadding: 2, flip: true, erasing: 0.5 }
    const erasing = resolveRecipe('quick', { epochs: 2, batchSize: 16, augmentation })
    const batches = []
    for await (const batch of trainingBatches(split, stored.dataset, erasing, 1, 0, 2)) batches.push(batch)
    split.close()
    expect(batches.map(({ stage, epoch, step, stageStep }) => [stage, epoch, step, stageStep])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [0, 1, 2, 2],
      [0, 1, 3, 3],
      [1, 2, 4, 0],
      [1, 2, 5, 1],
      [1, 3, 6, 2],
      [1, 3, 7, 3],
    ])
    const contents = batches.map(({ stage, epoch, step, ...content }) => content)
    expect(contents.slice(4)).toEqual(contents.slice(0, 4))
  })

  it('crop and flip alike whether rectangles are erased or not', async () => {
    const split = PackedSplit.open(stored.dataset, 'train', stored.blobPaths)
    const erasing = { ...recipe, augmentation: { ...recipe.augmentation, erasing: 1 } }
    const [plain] = await draw(1)
    const batches = trainingBatches(split, stored.dataset, erasing, 1)
    const erased: TrainingBatch = (await batches.next()).value
    await batches.return(undefined)
    expect(erased.erasedRows!.some((value) => value === 1)).toBe(true)
    expect([erased.rows, erased.columns]).toEqual([plain!.rows, plain!.columns])
    split.close()
  })

  it('hold each picture beside its own label, across shards', async () => {
    const split = PackedSplit.open(stored.dataset, 'train', stored.blobPaths)
    const one = new Uint8Array(split.pictureSize)
    const [batch] = await draw(1)
    for (const [i, index] of [...epochOrder(split.count, 1, 0).subarray(0, 16)].entries()) {
      await split.readPictures([index], one)
      expect(batch!.pictures.subarray(i * split.pictureSize, (i + 1) * split.pictureSize)).toEqual(one)
      expect(batch!.labels[i]).toBe(split.labels[index])
    }
    split.close()
  })
})

describe('evaluation batches', () => {
  it('hold every picture once and pad the last batch', async () => {
    const split = PackedSplit.open(stored.dataset, 'test', stored.blobPaths)
    const batches = []
    for await (const batch of evaluationBatches(split, 8)) batches.push(batch)
    expect(batches.map(({ count }) => count)).toEqual([8, 8, 5])
    expect(batches.map(({ pictures }) => pictures.length)).toEqual(
      [8, 8, 8].map((n) => n * split.pictureSize),
    )
    expect(batches.flatMap(({ labels }) => [...labels])).toEqual([...split.labels])
    split.close()
  })
})

describe('a packed split that is not what its manifest says', () => {
  const openTrain = ({ dataset, blobPaths }: StoredDataset) => PackedSplit.open(dataset, 'train', blobPaths)

  it('is refused where a shard is cut off', () => {
    const broken = storeSyntheticDataset({ size: 8 })
    truncateSync(broken.blobPaths[broken.dataset.splits.train.shards[1]!.sha256]!, 100)
    expect(() => openTrain(broken)).toThrow(/should have 5760 bytes and has 100/)
  })

  it('is refused where a file is missing', () => {
    const broken = storeSyntheticDataset({ size: 8 })
    rmSync(broken.blobPaths[broken.dataset.splits.train.labelsSha256]!)
    expect(() => openTrain(broken)).toThrow(/ENOENT/)
    expect(() => openTrain({ ...broken, blobPaths: {} })).toThrow(/no file was given for the blob/)
  })

  it('is refused where a label is not a class', () => {
    const broken = storeSyntheticDataset({ size: 8 })
    const dataset = { ...broken.dataset, classes: broken.dataset.classes.slice(0, 2) }
    expect(() => openTrain({ ...broken, dataset })).toThrow(
      /picture 2 has the label 2, but there are 2 classes/,
    )
  })
})
