import type { Pictures } from './packed-split.ts'

export interface EvaluationBatch {
  /** uint8, always `batchSize` images; those after `count` are padding. */
  pictures: Uint8Array
  /** Labels of the `count` real images. */
  labels: Int32Array
  count: number
}

/** A split's images in order; the last batch is padded to the captured graph's fixed shape. */
export async function* evaluationBatches(
  split: Pictures,
  batchSize: number,
): AsyncGenerator<EvaluationBatch> {
  for (let start = 0; start < split.count; start += batchSize) {
    const count = Math.min(batchSize, split.count - start)
    const pictures = new Uint8Array(batchSize * split.pictureSize)
    await split.readPictures(
      Array.from({ length: count }, (_, i) => start + i),
      pictures,
    )
    yield { pictures, labels: split.labels.slice(start, start + count), count }
  }
}
