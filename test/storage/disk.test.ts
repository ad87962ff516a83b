import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DiskStorage } from '../../storage/disk.ts'

const BYTES = Buffer.from('students who teach each other')
const SHA256 = createHash('sha256').update(BYTES).digest('hex')
let root: string
let storage: DiskStorage

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'storage-'))
  storage = new DiskStorage(root)
})
afterEach(() => rm(root, { recursive: true }))

test('a blob is named by the hash of its bytes and read back whole', async () => {
  expect(await storage.put(Readable.from([BYTES]))).toEqual({ sha256: SHA256, byteLength: BYTES.length })
  expect(await buffer(storage.read(SHA256))).toEqual(BYTES)
  expect(await readFile(await storage.fetchLocal(SHA256))).toEqual(BYTES)
})

test('a range of a blob has both of its ends', async () => {
  await storage.put(Readable.from([BYTES]))
  expect((await buffer(storage.read(SHA256, { start: 9, end: 11 }))).toString()).toBe('who')
})

test('the same bytes twice are kept once', async () => {
  await storage.put(Readable.from([BYTES]))
  await storage.put(Readable.from([BYTES.subarray(0, 5), BYTES.subarray(5)]))
  expect(await readdir(path.join(root, SHA256.slice(0, 2)))).toEqual([SHA256])
})

test('a stream that breaks off leaves nothing', async () => {
  const broken = Readable.from(
    (async function* () {
      yield BYTES
      throw new Error('the line went dead')
    })(),
  )
  await expect(storage.put(broken)).rejects.toThrow('the line went dead')
  expect(await readdir(path.join(root, 'temporary'))).toEqual([])
  expect(await storage.has(SHA256)).toBe(false)
})

test.each(['../../etc/passwd', SHA256.toUpperCase(), `${SHA256}0`, ''])('“%s” names no blob', (name) => {
  expect(() => storage.read(name)).toThrow('not the name of a blob')
})
