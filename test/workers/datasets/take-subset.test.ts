import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ClassificationDataset } from '../../../contract/packed/manifest.ts'
import { DiskStorage } from '../../../storage/disk.ts'
import { takeSubset } from '../../../workers/datasets/edit/take-subset.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { twoClasses, writeZip } from './pictures.ts'

let folder: string
let storage: DiskStorage
let whole: ClassificationDataset

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'subset-'))
  storage = new DiskStorage(path.join(folder, 'blobs'))
  const archive = await writeZip(path.join(folder, 'whole.zip'), await twoClasses(12))
  const { manifest } = await packDataset(archive, storage)
  if (manifest.kind !== 'CLASSIFICATION') throw new Error('the images were taken for identities')
  whole = manifest
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function picturesOf(
  { splits, height, width, channels }: ClassificationDataset,
  split: 'train' | 'test',
) {
  const files = await Promise.all(splits[split].shards.map(({ sha256 }) => buffer(storage.read(sha256))))
  const bytes = Buffer.concat(files)
  const size = height * width * channels
  return Array.from({ length: bytes.length / size }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size).toString('hex'),
  )
}

it('takes so many images of every class, all of them from the whole', async () => {
  const subset = await takeSubset(whole, storage, { trainPerClass: 5, testPerClass: 1, seed: 1 })
  expect(subset.splits.train.classCounts).toEqual([5, 5])
  expect(subset.splits.test.classCounts).toEqual([1, 1])
  const all = new Set(await picturesOf(whole, 'train'))
  const taken = await picturesOf(subset, 'train')
  expect(new Set(taken).size).toBe(10)
  expect(taken.every((picture) => all.has(picture))).toBe(true)
})

it('takes the same images for the same seed, and others for another', async () => {
  const take = (seed: number) => takeSubset(whole, storage, { trainPerClass: 5, testPerClass: 1, seed })
  expect(await take(1)).toEqual(await take(1))
  expect((await take(2)).splits.train.shards).not.toEqual((await take(1)).splits.train.shards)
})

it('knows the statistics of its own images only', async () => {
  const subset = await takeSubset(whole, storage, { trainPerClass: 2, testPerClass: null, seed: 1 })
  expect(subset.splits.test).toEqual(whole.splits.test)
  const bytes = (await picturesOf(subset, 'train')).flatMap((picture) => [...Buffer.from(picture, 'hex')])
  const red = bytes.filter((_, i) => i % 3 === 0)
  const mean = red.reduce((sum, value) => sum + value, 0) / red.length
  expect(subset.channelMeans[0]).toBeCloseTo(mean / 255, 12)
})
