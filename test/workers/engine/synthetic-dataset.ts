import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClassificationDataset, PackedSplit } from '../../../contract/packed/manifest.ts'
import { createGenerator } from '../../../workers/engine/random.ts'

export interface StoredDataset {
  dataset: ClassificationDataset
  blobPaths: Record<string, string>
}

interface Shape {
  size?: number
  channels?: 1 | 3
  classes?: number
  train?: number
  test?: number
  /** Left out: there is no such split. */
  validation?: number
  unlabelled?: number
}

/**
 * A packed dataset that a small network can learn: each class has a brightness in one quarter of the image, under
 * noise. The training images lie in two shards.
 */
export function storeSyntheticDataset({
  size = 12,
  channels = 3,
  classes = 4,
  train = 40,
  test = 21,
  validation = 0,
  unlabelled = 0,
}: Shape = {}): StoredDataset {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-synthetic-'))
  const blobPaths: Record<string, string> = {}
  const random = createGenerator('synthetic images')
  const store = (content: Uint8Array) => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    blobPaths[sha256] = join(folder, sha256)
    writeFileSync(blobPaths[sha256], content)
    return sha256
  }
  const drawPicture = (label: number) =>
    Uint8Array.from({ length: size * size * channels }, (_, i) => {
      const [y, x] = [Math.floor(i / (size * channels)), Math.floor(i / channels) % size]
      const quarter = (y < size / 2 ? 0 : 2) + (x < size / 2 ? 0 : 1)
      return 60 + random.integer(80) + (quarter === label % 4 ? 90 : 0)
    })
  const storeSplit = (count: number, shardCounts: number[]): PackedSplit => {
    const labels = Int32Array.from({ length: count }, (_, i) => i % classes)
    const pictures = Array.from(labels, drawPicture)
    let first = 0
    const shards = shardCounts.map((shardCount) => {
      const content = Buffer.concat(pictures.slice(first, first + shardCount))
      first += shardCount
      return { sha256: store(content), count: shardCount }
    })
    const classCounts = Array.from(
      { length: classes },
      (_, c) => labels.filter((label) => label === c).length,
    )
    return { count, shards, labelsSha256: store(Buffer.from(labels.buffer)), classCounts }
  }
  const storeUnlabelled = (count: number) => {
    const { shards } = storeSplit(count, [count])
    return { count, shards }
  }
  const dataset: ClassificationDataset = {
    format: 'studyhall-packed-1',
    kind: 'CLASSIFICATION',
    height: size,
    width: size,
    channels,
    classes: Array.from({ length: classes }, (_, c) => `class-${c}`),
    splits: {
      train: storeSplit(train, [10, train - 10]),
      test: storeSplit(test, [test]),
      ...(validation > 0 && { validation: storeSplit(validation, [validation]) }),
      ...(unlabelled > 0 && { unlabelled: storeUnlabelled(unlabelled) }),
    },
    channelMeans: new Array<number>(channels).fill(0.48),
    channelDeviations: new Array<number>(channels).fill(0.17),
  }
  return { dataset, blobPaths }
}
