import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PackedSplit, type RemoteShards } from '../../../../workers/engine/batches/packed-split.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const { dataset, blobPaths } = storeSyntheticDataset()
const [here, remote] = dataset.splits.train.shards.map(({ sha256 }) => sha256) as [string, string]
const localPaths = Object.fromEntries(Object.entries(blobPaths).filter(([sha256]) => sha256 !== remote))
const INDICES = [39, 0, 25, 38, 12]

/** The second shard, which is not here before `arrive` is called. */
function openDistant(answer = (bytes: Buffer) => bytes) {
  const asked: { sha256: string; count: number }[] = []
  let path: string | undefined
  const shards: RemoteShards = {
    pathOf: (sha256) => (sha256 === remote ? path : undefined),
    async read(sha256, offsets, length) {
      asked.push({ sha256, count: offsets.length })
      const shard = readFileSync(blobPaths[sha256]!)
      return answer(Buffer.concat(offsets.map((offset) => shard.subarray(offset, offset + length))))
    },
  }
  return { shards, asked, arrive: () => (path = blobPaths[remote]) }
}

async function read(split: PackedSplit): Promise<Buffer> {
  const target = Buffer.alloc(INDICES.length * split.pictureSize)
  await split.readPictures(INDICES, target)
  return target
}

const whole = PackedSplit.open(dataset, 'train', blobPaths)

it('images of a shard that is on its way are asked for, and those of one that is here are not', async () => {
  const { shards, asked, arrive } = openDistant()
  const split = PackedSplit.open(dataset, 'train', localPaths, shards)
  expect(await read(split)).toEqual(await read(whole))
  const inSecond = INDICES.filter((index) => index >= dataset.splits.train.shards[0]!.count).length
  expect(inSecond).toBeGreaterThan(1)
  expect(asked).toEqual([{ sha256: remote, count: inSecond }])

  arrive()
  expect(await read(split)).toEqual(await read(whole))
  expect(asked).toHaveLength(1)
  split.close()
})

it('too few bytes are refused', async () => {
  const { shards } = openDistant((bytes) => bytes.subarray(1))
  const split = PackedSplit.open(dataset, 'train', localPaths, shards)
  await expect(read(split)).rejects.toThrow(/should have .* bytes/)
})

it('a shard that is neither here nor on its way is told of at once', () => {
  const without = (sha256: string) =>
    Object.fromEntries(Object.entries(blobPaths).filter(([name]) => name !== sha256))
  expect(() => PackedSplit.open(dataset, 'train', without(here))).toThrow(/no file was given/)
})
