import { rmSync, truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluationBatches } from '../../../../workers/engine/batches/evaluation-batches.ts'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import { type StoredDataset, storeSyntheticDataset } from '../synthetic-dataset.ts'

const stored = storeSyntheticDataset()

describe('evaluation batches', () => {
  it('hold every image once and pad the last batch', async () => {
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
      /image 2 has the label 2, but there are 2 classes/,
    )
  })
})
