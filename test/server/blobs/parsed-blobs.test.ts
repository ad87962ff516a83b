import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, expect, it } from 'vitest'
import { ParsedBlobs } from '../../../server/blobs/parsed-blobs.ts'
import { DiskStorage } from '../../../storage/disk.ts'

let storage: DiskStorage
let parsed: string[]
let blobs: ParsedBlobs<{ text: string }>

beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'parsed-blobs-'))
  storage = new DiskStorage(folder)
  parsed = []
  blobs = new ParsedBlobs((bytes) => {
    parsed.push(bytes.toString())
    return { text: bytes.toString() }
  }, 2)
  return () => rm(folder, { recursive: true })
})

async function put(text: string): Promise<string> {
  const { sha256 } = await storage.put(Readable.from([Buffer.from(text)]))
  return sha256
}

it('parses a blob once for all who ask at the same time or later', async () => {
  const sha256 = await put('a')
  await Promise.all([blobs.read(storage, sha256), blobs.read(storage, sha256)])
  expect(await blobs.read(storage, sha256)).toEqual({ text: 'a' })
  expect(parsed).toEqual(['a'])
})

it('forgets the blob that was asked for least recently', async () => {
  const [a = '', b = '', c = ''] = await Promise.all(['a', 'b', 'c'].map(put))
  for (const sha256 of [a, b, a, c]) await blobs.read(storage, sha256)
  parsed = []
  for (const sha256 of [a, c, b]) await blobs.read(storage, sha256)
  expect(parsed).toEqual(['b'])
})

it('answers everybody where more blobs are asked for at once than are kept', async () => {
  const texts = Array.from({ length: 10 }, (_, i) => `blob ${i}`)
  const hashes = await Promise.all(texts.map(put))
  const answers = await Promise.all(hashes.map((sha256) => blobs.read(storage, sha256)))
  expect(answers).toEqual(texts.map((text) => ({ text })))
})

it('gives null for a blob that is not in the storage, and looks again when asked again', async () => {
  const sha256 = await put('a')
  await storage.remove(sha256)
  expect(await blobs.read(storage, sha256)).toBeNull()
  await put('a')
  expect(await blobs.read(storage, sha256)).toEqual({ text: 'a' })
})

it('keeps no failure: bytes that cannot be parsed are parsed again', async () => {
  const sha256 = await put('{')
  const strict = new ParsedBlobs((bytes) => JSON.parse(parsed.push('{') > 1 ? '{}' : bytes.toString()))
  await expect(strict.read(storage, sha256)).rejects.toThrow(SyntaxError)
  expect(await strict.read(storage, sha256)).toEqual({})
})
