import { describe, expect, it } from 'vitest'
import {
  blobsOf,
  classCountsOf,
  numbersOf,
  PackedDataset,
  shardsOf,
  splitNamed,
  splitsOf,
} from '../../../contract/packed/manifest.ts'

const sha256 = (digit: string) => digit.repeat(64)
const shape = { format: 'studyhall-packed-1', height: 8, width: 8, channels: 1 }
const learned = { classes: ['0001', '0002'], channelMeans: [0.5], channelDeviations: [0.1] }
const train = {
  count: 3,
  shards: [
    { sha256: sha256('1'), count: 2 },
    { sha256: sha256('2'), count: 1 },
  ],
  labelsSha256: sha256('3'),
  classCounts: [2, 1],
}
const test = {
  count: 1,
  shards: [{ sha256: sha256('4'), count: 1 }],
  labelsSha256: sha256('5'),
  classCounts: [1, 0],
}
const identified = (pixels: string, identities: string, cameras: string) => ({
  count: 1,
  shards: [{ sha256: sha256(pixels), count: 1 }],
  identitiesSha256: sha256(identities),
  camerasSha256: sha256(cameras),
})
const classification = PackedDataset.parse({
  ...{ ...shape, ...learned, kind: 'CLASSIFICATION' },
  splits: { train, test },
})
const retrieval = PackedDataset.parse({
  ...{ ...shape, ...learned, kind: 'RETRIEVAL' },
  splits: { gallery: identified('9', 'a', 'b'), query: identified('6', '7', '8'), train },
})

describe('a manifest', () => {
  it('names every blob once, those of the training images first', () => {
    expect(blobsOf(classification).sort()).toEqual(['1', '2', '3', '4', '5'].map(sha256))
    expect(blobsOf(retrieval).sort()).toEqual(['1', '2', '3', '6', '7', '8', '9', 'a', 'b'].map(sha256))
    expect(shardsOf(retrieval)).toEqual(['1', '2', '6', '9'].map(sha256))
  })

  it('has the splits of its kind, train first, in whatever order they were written', () => {
    expect(splitsOf(classification).map(([name]) => name)).toEqual(['train', 'test'])
    expect(splitsOf(retrieval).map(([name]) => name)).toEqual(['train', 'query', 'gallery'])
    expect(splitNamed(retrieval, 'query')?.count).toBe(1)
    for (const name of ['test', 'toString', '__proto__']) expect(splitNamed(retrieval, name)).toBeUndefined()
  })

  it('says of each split whether its numbers are classes or identities', () => {
    const numbers = splitsOf(retrieval).map(([, split]) => numbersOf(split))
    expect(numbers).toEqual([
      { are: 'CLASSES', sha256: sha256('3') },
      { are: 'IDENTITIES', sha256: sha256('7'), camerasSha256: sha256('8') },
      { are: 'IDENTITIES', sha256: sha256('a'), camerasSha256: sha256('b') },
    ])
    expect(splitsOf(retrieval).map(([, split]) => classCountsOf(split))).toEqual([[2, 1], [], []])
  })
})
