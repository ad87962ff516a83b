import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../../../contract/recipes/recipe-presets.ts'
import { balancedOrder } from '../../../../workers/engine/batches/class-sampling.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import {
  epochOrder,
  type TrainingBatch,
  trainingBatches,
  trainingChunks,
} from '../../../../workers/engine/batches/training-batches.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const stored = storeSyntheticDataset()

describe('the order of an epoch', () => {
  it('holds every image once', () => {
    expect([...epochOrder(50, 1, 0)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('depends on the seed and the epoch, and on nothing else', () => {
    expect(epochOrder(50, 1, 3)).toEqual(epochOrder(50, 1, 3))
    expect(epochOrder(50, 1, 3)).not.toEqual(epochOrder(50, 1, 4))
    expect(epochOrder(50, 1, 3)).not.toEqual(epochOrder(50, 2, 3))
  })
})

describe('the order of an epoch in which every class comes equally often', () => {
  const labels = Array.from({ length: 61 }, (_, i) => (i < 40 ? 0 : i < 58 ? 2 : 3))
  const timesOf = (order: Uint32Array) =>
    [0, 1, 2, 3].map((label) => [...order].filter((i) => labels[i] === label).length)

  it('has as many images, of each class that has any alike, and none again before all of its class', () => {
    const order = balancedOrder(labels, 1, 0)
    expect(order).toHaveLength(61)
    const times = timesOf(order)
    expect(times[1]).toBe(0)
    for (const label of [0, 2, 3]) expect([20, 21]).toContain(times[label])
    const often = labels.map((_, image) => [...order].filter((i) => i === image).length)
    expect(Math.max(...often.slice(0, 40))).toBe(1)
    expect(new Set(often.slice(40, 58))).toEqual(new Set([1, 2]))
    expect(Math.max(...often.slice(58)) - Math.min(...often.slice(58))).toBeLessThan(2)
  })

  it('depends on the seed and the epoch, so that a resumed run goes on in the middle of one', async () => {
    expect(balancedOrder(labels, 1, 3)).toEqual(balancedOrder(labels, 1, 3))
    expect(balancedOrder(labels, 1, 3)).not.toEqual(balancedOrder(labels, 1, 4))
    expect(balancedOrder(labels, 1, 3)).not.toEqual(balancedOrder(labels, 2, 3))
    const recipe = resolveRecipe('quick', { epochs: 2, batchSize: 8, classSampling: 'BALANCED' })
    const drawFrom = async (first: number) => {
      const split = PackedSplit.open(stored.dataset, 'train', stored.blobPaths)
      const drawn: TrainingBatch[] = []
      for await (const batch of trainingBatches(split, stored.dataset, recipe, 1, first)) drawn.push(batch)
      split.close()
      return drawn
    }
    const whole = await drawFrom(0)
    expect(await drawFrom(3)).toEqual(whole.slice(3))
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

  it('crop and flip alike whether rectangles are erased and images mixed or not', async () => {
    const split = PackedSplit.open(stored.dataset, 'train', stored.blobPaths)
    const erasing = { ...recipe, augmentation: { ...recipe.augmentation, erasing: 1, mixup: 1 } }
    const [plain] = await draw(1)
    const batches = trainingBatches(split, stored.dataset, erasing, 1)
    const erased: TrainingBatch = (await batches.next()).value
    await batches.return(undefined)
    expect(erased.augmentation.erasedRows!.some((value) => value === 1)).toBe(true)
    expect([...erased.augmentation.mixedWith!].sort((a, b) => a - b)).toEqual([...Array(16).keys()])
    expect(erased.augmentation).toMatchObject(plain!.augmentation)
    split.close()
  })

  it('have images without labels behind the others, which are as they would be, and pass over all of them', async () => {
    const some = storeSyntheticDataset({ unlabelled: 35 })
    const open = (name: 'train' | 'unlabelled') => PackedSplit.open(some.dataset, name, some.blobPaths)
    const [split, others] = [open('train'), open('unlabelled')]
    const options = { split, dataset: some.dataset, recipe, seed: 1, firstStep: 0, stages: 2 }
    const drawn = async (unlabelled?: { split: PackedSplit; perStep: number[] }) => {
      const batches: TrainingBatch[] = []
      for await (const chunk of trainingChunks({ ...options, unlabelled }, () => 1)) batches.push(...chunk)
      return batches
    }
    const [plain, more] = [await drawn(), await drawn({ split: others, perStep: [0, 16] })]
    const labelled = 16 * split.pictureSize
    expect(plain.map(({ pictures }) => pictures)).toEqual(
      more.map(({ pictures }) => pictures.subarray(0, labelled)),
    )
    for (const [i, { augmentation, labels, stage }] of more.entries()) {
      const rows = plain[i]!.augmentation.rows
      expect(augmentation.rows.subarray(0, rows.length)).toEqual(rows)
      expect(augmentation.rows.length).toBe(rows.length * (1 + stage))
      expect(labels).toEqual(plain[i]!.labels)
    }
    const all = await others.readAll()
    const known = new Set(Array.from({ length: 35 }, (_, i) => keyOf(all, i)))
    // Two steps of 16 are a pass over 35, without its incomplete last batch.
    const pass = more
      .slice(4, 6)
      .flatMap(({ pictures }) => Array.from({ length: 16 }, (_, i) => keyOf(pictures, 16 + i)))
    expect(new Set(pass).size).toBe(32)
    expect(pass.every((key) => known.has(key))).toBe(true)
    split.close()
    others.close()

    function keyOf(pictures: Uint8Array, place: number): string {
      const from = place * others.pictureSize
      return Buffer.from(pictures.subarray(from, from + others.pictureSize)).toString('base64')
    }
  })

  it('hold each image beside its own label, across shards', async () => {
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
