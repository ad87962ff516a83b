import type { PackedDataset, SplitName } from '../../../contract/packed/manifest.ts'
import { networkInputOf } from '../../../contract/recipes/recipe.ts'
import type { TrainingOrder } from '../../../contract/training.ts'
import { PackedSplit, type RemoteShards, readNumberBlob } from '../batches/packed-split.ts'
import { resize } from '../batches/resize.ts'
import { tf } from '../tensorflow.ts'

/** The images of a run's dataset, for formats that take some: to find what range values have, and what a format costs. */
export interface ExportImages {
  dataset: PackedDataset
  /** What the networks see. */
  input: { height: number; width: number; channels: number }
  /** Classes, or identities, of a split's images. */
  labels(name: SplitName): Int32Array
  /** Cameras of the images of `query` or `gallery`. */
  cameras(name: 'query' | 'gallery'): Int32Array
  /** Pixels 0..255 at the networks' input size, [images, height, width, channels], so many images at a time. */
  pixels(name: SplitName, indices: readonly number[], batchSize: number): AsyncGenerator<Float32Array>
  close(): void
}

/** Shards of which nothing is read. */
const NOT_READ: RemoteShards = {
  pathOf: () => undefined,
  read: (sha256) => Promise.reject(new Error(`the shard ${sha256} was not fetched`)),
}

/** Opens a split when it is first asked for. @param remote  source of shards that have no file yet */
export function openExportImages(
  { dataset, blobPaths, recipe }: TrainingOrder,
  remote: RemoteShards = NOT_READ,
): ExportImages {
  const opened = new Map<SplitName, PackedSplit>()
  const open = (name: SplitName) => {
    const split = opened.get(name) ?? PackedSplit.open(dataset, name, blobPaths, remote)
    opened.set(name, split)
    return split
  }
  const { height, width, channels } = dataset
  const input = networkInputOf(recipe, dataset)
  return {
    dataset,
    input,
    labels: (name) => open(name).labels,
    cameras(name) {
      if (dataset.kind !== 'RETRIEVAL') throw new Error(`the dataset has no ${name} images`)
      const { camerasSha256, count } = dataset.splits[name]
      return readNumberBlob(camerasSha256, blobPaths, count)
    },
    async *pixels(name, indices, batchSize) {
      const split = open(name)
      for (let start = 0; start < indices.length; start += batchSize) {
        const own = indices.slice(start, start + batchSize)
        const bytes = new Uint8Array(own.length * split.pictureSize)
        await split.readPictures(own, bytes)
        yield tf.tidy(() => {
          const pictures = tf.tensor4d(bytes, [own.length, height, width, channels], 'int32')
          return resize(pictures.toFloat(), input).dataSync() as Float32Array
        })
      }
    },
    close() {
      for (const split of opened.values()) split.close()
    },
  }
}
