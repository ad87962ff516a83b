/** A smaller dataset out of a packed one: the same shape and classes, fewer images of each class. */
import type { ClassificationDataset, PackedDataset, PackedSplit } from '../../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { ChannelStatistics } from '../pack/channel-statistics.ts'
import { SplitWriter } from '../pack/split-writer.ts'
import { chooseSubset } from './choose-subset.ts'
import { PackedPictures } from './packed-pictures.ts'

export interface Subset {
  /** Most images of each class; null keeps all. */
  trainPerClass: number | null
  testPerClass: number | null
  /** Which images are taken depends on this and on their place in the split alone. */
  seed: number
}

/**
 * Stores the subset's images as blobs of their own, in their old order. The channel statistics are those of the
 * images that were taken, as if nothing else had been known.
 */
export async function takeSubset(
  dataset: ClassificationDataset,
  storage: BlobStorage,
  { trainPerClass, testPerClass, seed }: Subset,
): Promise<ClassificationDataset> {
  if (dataset.kind !== 'CLASSIFICATION') throw new Error('a subset is only taken of labelled images')
  const statistics = new ChannelStatistics(dataset.channels)
  const take = (split: 'train' | 'test', perClass: number | null, onPixels: (pixels: Uint8Array) => void) =>
    copySplit(dataset, storage, dataset.splits[split], { perClass, key: `${seed}/${split}` }, onPixels)
  const train = await take('train', trainPerClass, (pixels) => statistics.add(pixels))
  const test = await take('test', testPerClass, () => {})
  const { means, deviations } = statistics.summarize()
  return {
    ...dataset,
    splits: { ...dataset.splits, train, test },
    channelMeans: means,
    channelDeviations: deviations,
  }
}

async function copySplit(
  dataset: PackedDataset,
  storage: BlobStorage,
  split: PackedSplit,
  choice: { perClass: number | null; key: string },
  onPixels: (pixels: Uint8Array) => void,
): Promise<PackedSplit> {
  const pictures = await PackedPictures.open(dataset, split, storage)
  const writer = new SplitWriter(storage, dataset, dataset.classes.length)
  try {
    const taken = chooseSubset(pictures.labels, choice)
    for (const [index, label] of pictures.labels.entries()) {
      if (!taken.has(index)) continue
      const pixels = await pictures.read(index)
      onPixels(pixels)
      await writer.add(pixels, label)
    }
    return await writer.finish()
  } finally {
    await pictures.close()
  }
}
