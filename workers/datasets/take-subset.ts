/** A smaller dataset out of a packed one: the same shape and classes, fewer pictures of each class. */
import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import type { ClassificationDataset, PackedDataset, PackedSplit } from '../../contract/packed-dataset.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { ChannelStatistics } from './channel-statistics.ts'
import { SplitWriter } from './split-writer.ts'

export interface Subset {
  /** Most pictures of each class; null keeps all. */
  trainPerClass: number | null
  testPerClass: number | null
  /** Which pictures are taken depends on this and on their place in the split alone. */
  seed: number
}

/**
 * Stores the subset's pictures as blobs of their own, in their old order. The channel statistics are those of the
 * pictures that were taken, as if nothing else had been known.
 */
export async function takeSubset(
  dataset: ClassificationDataset,
  storage: BlobStorage,
  { trainPerClass, testPerClass, seed }: Subset,
): Promise<ClassificationDataset> {
  if (dataset.kind !== 'CLASSIFICATION') throw new Error('a subset is only taken of labelled pictures')
  const statistics = new ChannelStatistics(dataset.channels)
  const take = (split: 'train' | 'test', perClass: number | null, onPixels: (pixels: Uint8Array) => void) =>
    copySplit(dataset, storage, dataset.splits[split], { perClass, key: `${seed}/${split}` }, onPixels)
  const train = await take('train', trainPerClass, (pixels) => statistics.add(pixels))
  const test = await take('test', testPerClass, () => {})
  const { means, deviations } = statistics.summarize()
  return { ...dataset, splits: { train, test }, channelMeans: means, channelDeviations: deviations }
}

async function copySplit(
  { height, width, channels, classes }: PackedDataset,
  storage: BlobStorage,
  split: PackedSplit,
  choice: { perClass: number | null; key: string },
  onPixels: (pixels: Uint8Array) => void,
): Promise<PackedSplit> {
  const labels = await readLabels(await storage.fetchLocal(split.labelsSha256), split.count)
  const taken = choosePictures(labels, classes.length, choice)
  const writer = new SplitWriter(storage, { height, width, channels }, classes.length)
  const size = height * width * channels
  let first = 0
  for (const { sha256, count } of split.shards) {
    const shard = await open(await storage.fetchLocal(sha256))
    try {
      for (let i = 0; i < count; i++) {
        if (!taken.has(first + i)) continue
        const pixels = new Uint8Array(size)
        await shard.read(pixels, 0, size, i * size)
        onPixels(pixels)
        await writer.add(pixels, labels[first + i]!)
      }
    } finally {
      await shard.close()
    }
    first += count
  }
  return writer.finish()
}

async function readLabels(path: string, count: number): Promise<number[]> {
  const bytes = await readFile(path)
  return Array.from({ length: count }, (_, i) => bytes.readInt32LE(4 * i))
}

/** Of every class the pictures with the lowest seeded hashes. */
function choosePictures(
  labels: readonly number[],
  classes: number,
  { perClass, key }: { perClass: number | null; key: string },
): Set<number> {
  if (perClass === null) return new Set(labels.keys())
  const byClass: { index: number; rank: string }[][] = Array.from({ length: classes }, () => [])
  for (const [index, label] of labels.entries()) {
    byClass[label]!.push({ index, rank: createHash('sha256').update(`${key}/${index}`).digest('hex') })
  }
  return new Set(
    byClass.flatMap((members) =>
      members
        .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(0, perClass)
        .map(({ index }) => index),
    ),
  )
}
