import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackedDataset, PackedSplit } from '../../../contract/packed/manifest.ts'
import type { CohortOptions } from './options.ts'

/** One batch of random images, packed into `folder`, so that every step is an epoch. */
export function packRandomDataset(folder: string, { batch, size, channels, classes }: CohortOptions) {
  const blobPaths: Record<string, string> = {}
  const store = (content: Buffer) => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    blobPaths[sha256] = join(folder, sha256)
    writeFileSync(blobPaths[sha256], content)
    return sha256
  }
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes)
  const split: PackedSplit = {
    count: batch,
    shards: [{ sha256: store(randomBytes(batch * size * size * channels)), count: batch }],
    labelsSha256: store(Buffer.from(labels.buffer)),
    classCounts: Array.from({ length: classes }, (_, c) => labels.filter((label) => label === c).length),
  }
  const dataset: PackedDataset = {
    format: 'studyhall-packed-1',
    kind: 'CLASSIFICATION',
    height: size,
    width: size,
    channels,
    classes: Array.from({ length: classes }, (_, c) => `class-${c}`),
    splits: { train: split, test: split },
    channelMeans: new Array<number>(channels).fill(0.5),
    // Of the uniform distribution.
    channelDeviations: new Array<number>(channels).fill(Math.sqrt(1 / 12)),
  }
  return { dataset, blobPaths }
}
