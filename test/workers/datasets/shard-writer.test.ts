import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DiskStorage } from '../../../storage/disk.ts'
import { ShardWriter } from '../../../workers/datasets/pack/shard-writer.ts'
import { makePixels } from './pictures.ts'

let folder: string
let storage: DiskStorage

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shards-'))
  storage = new DiskStorage(folder)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const SHAPE = { height: 8, width: 8, channels: 3 } as const
const pictures = Array.from({ length: 7 }, (_, seed) => makePixels(seed).data)

it('begins a new shard where the next image would not fit whole', async () => {
  const writer = new ShardWriter(storage, SHAPE, 3.5 * 8 * 8 * 3)
  for (const picture of pictures) await writer.add(picture)
  const shards = await writer.finish()
  expect(shards.map(({ count }) => count)).toEqual([3, 3, 1])
  const stored = await Promise.all(shards.map(({ sha256 }) => buffer(storage.read(sha256))))
  expect(Buffer.concat(stored)).toEqual(Buffer.concat(pictures))
})

it('leaves no empty shard behind the last full one', async () => {
  const writer = new ShardWriter(storage, SHAPE, 7 * 8 * 8 * 3)
  for (const picture of pictures) await writer.add(picture)
  expect((await writer.finish()).map(({ count }) => count)).toEqual([7])
})
