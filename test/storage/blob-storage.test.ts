import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BlobMissing, type BlobStorage, type StoredBlob } from '../../storage/blob-storage.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { S3Storage } from '../../storage/s3.ts'
import { type S3Server, startS3Server } from './s3-server.ts'

const MIB = 1024 * 1024
const HOUR_MS = 3_600_000
const BYTES = Buffer.from('students who teach each other')
const SHA256 = hashOf(BYTES)
let s3: S3Server
let folder: string

beforeAll(async () => {
  s3 = await startS3Server()
})
afterAll(() => s3?.stop())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'storage-'))
  return () => rm(folder, { recursive: true })
})

function openS3(cacheMaxBytes = 64 * MIB): S3Storage {
  return new S3Storage({ ...s3, cacheFolder: folder, cacheMaxBytes })
}

describe.each<[string, () => BlobStorage]>([
  ['on a disk', () => new DiskStorage(folder)],
  ['in an S3 bucket', () => openS3()],
])('blobs %s', (_, open) => {
  let storage: BlobStorage
  beforeEach(() => {
    storage = open()
    return async () => storage.remove(SHA256)
  })

  it('are named by the hash of their bytes and read back whole', async () => {
    expect(await storage.put(Readable.from([BYTES]))).toEqual({ sha256: SHA256, byteLength: BYTES.length })
    expect(await buffer(storage.read(SHA256))).toEqual(BYTES)
    expect(await storage.byteLength(SHA256)).toBe(BYTES.length)
    expect(await readFile(await storage.fetchLocal(SHA256))).toEqual(BYTES)
  })

  it('are found here without being fetched, once they have been', async () => {
    expect(await storage.findLocal(SHA256)).toBeNull()
    await storage.put(Readable.from([BYTES]))
    const file = await storage.fetchLocal(SHA256)
    expect(await storage.findLocal(SHA256)).toBe(file)
  })

  it('are kept from a file, which stays as it is', async () => {
    const file = path.join(folder, 'mine')
    await writeFile(file, BYTES)
    expect(await storage.putFile(file)).toEqual({ sha256: SHA256, byteLength: BYTES.length })
    expect(await storage.has(SHA256)).toBe(true)
    expect(await readFile(file)).toEqual(BYTES)
  })

  it('are refused, and nothing else happens, where their source fails before a byte of it is read', async () => {
    const missing = path.join(folder, 'missing')
    await expect(storage.put(createReadStream(missing))).rejects.toThrow('ENOENT')
    await expect(storage.putFile(missing)).rejects.toThrow('ENOENT')
    const failed = new Readable({ read() {} })
    failed.destroy(new Error('the line was cut'))
    await expect(storage.put(failed)).rejects.toThrow('the line was cut')
  })

  it('may be empty', async () => {
    const { sha256 } = await storage.put(Readable.from([]))
    expect(sha256).toBe(hashOf(Buffer.alloc(0)))
    expect(await storage.byteLength(sha256)).toBe(0)
    expect(await buffer(storage.read(sha256))).toEqual(Buffer.alloc(0))
    await storage.remove(sha256)
  })

  it('have ranges with both of their ends', async () => {
    await storage.put(Readable.from([BYTES]))
    expect((await buffer(storage.read(SHA256, { start: 9, end: 11 }))).toString()).toBe('who')
  })

  it('are kept once, however often the same bytes come', async () => {
    await storage.put(Readable.from([BYTES]))
    await storage.put(Readable.from([BYTES.subarray(0, 5), BYTES.subarray(5)]))
    expect(await listAll(storage)).toMatchObject([{ sha256: SHA256, byteLength: BYTES.length }])
  })

  it('are listed with the time at which they were kept', async () => {
    const beforeMs = Date.now()
    await storage.put(Readable.from([BYTES]))
    const [blob] = await listAll(storage)
    expect(Math.abs(blob!.storedAt.getTime() - beforeMs)).toBeLessThan(10_000)
  })

  it('are not there where their stream broke off, nor is anything of them', async () => {
    await expect(storage.put(breakingOff())).rejects.toThrow('the line went dead')
    expect(await readdir(path.join(folder, 'temporary'))).toEqual([])
    expect(await storage.has(SHA256)).toBe(false)
  })

  it('are gone once they are removed, and may be removed twice', async () => {
    await storage.put(Readable.from([BYTES]))
    await storage.fetchLocal(SHA256)
    await storage.remove(SHA256)
    await storage.remove(SHA256)
    expect(await storage.has(SHA256)).toBe(false)
    expect(await listAll(storage)).toEqual([])
    await expect(storage.fetchLocal(SHA256)).rejects.toThrow(BlobMissing)
    await expect(buffer(storage.read(SHA256))).rejects.toThrow()
  })

  it('leave no half of themselves for ever where their process died', async () => {
    await storage.put(Readable.from([BYTES]))
    const half = path.join(folder, 'temporary', 'half')
    await writeFile(half, 'stud')
    expect(await storage.removeUnfinished(HOUR_MS)).toBe(0)
    await makeOlder(half, 2 * HOUR_MS)
    expect(await storage.removeUnfinished(HOUR_MS)).toBe(1)
    expect(await readdir(path.dirname(half))).toEqual([])
    expect(await storage.has(SHA256)).toBe(true)
  })

  it.each(['../../etc/passwd', SHA256.toUpperCase(), `${SHA256}0`, ''])(
    'have no name like “%s”',
    async (name) => {
      expect(() => storage.read(name)).toThrow('not the name of a blob')
      await expect(storage.fetchLocal(name)).rejects.toThrow('not the name of a blob')
      await expect(storage.has(name)).rejects.toThrow('not the name of a blob')
      await expect(storage.remove(name)).rejects.toThrow('not the name of a blob')
    },
  )
})

describe('an S3 bucket', () => {
  const listUploads = async () =>
    (await s3.client.send(new ListMultipartUploadsCommand({ Bucket: s3.bucket }))).Uploads ?? []

  it('gets a large blob in parts and gives it back bit for bit', async () => {
    const large = randomBytes(40 * MIB)
    const file = path.join(folder, 'large')
    await writeFile(file, large)
    const { sha256 } = await openS3().putFile(file)
    expect(await listUploads()).toEqual([])
    const fetched = await openS3().fetchLocal(sha256)
    expect(hashOf(await readFile(fetched))).toBe(hashOf(large))
    expect(await buffer(openS3().read(sha256, { start: 17 * MIB, end: 17 * MIB + 9 }))).toEqual(
      large.subarray(17 * MIB, 17 * MIB + 10),
    )
    await openS3().remove(sha256)
  })

  it('is rid of parts whose sender died', async () => {
    const Key = `blobs/${SHA256.slice(0, 2)}/${SHA256}`
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: s3.bucket, Key }))
    const part = { Bucket: s3.bucket, Key, UploadId, PartNumber: 1, Body: BYTES }
    await s3.client.send(new UploadPartCommand(part))
    expect(await openS3().removeUnfinished(HOUR_MS)).toBe(0)
    expect(await openS3().removeUnfinished(0)).toBe(1)
    expect(await listUploads()).toEqual([])
  })

  it('is asked once for a blob that many want locally at a time, and not again', async () => {
    await openS3().putFile(await fileOf(BYTES))
    const storage = openS3()
    const files = await Promise.all(Array.from({ length: 8 }, () => storage.fetchLocal(SHA256)))
    expect(new Set(files).size).toBe(1)
    const { mtimeMs } = await stat(files[0]!)
    await storage.remove(SHA256)
    await writeFile(files[0]!, BYTES)
    expect(await storage.fetchLocal(SHA256)).toBe(files[0])
    expect((await stat(files[0]!)).mtimeMs).toBeGreaterThanOrEqual(mtimeMs)
  })

  it('is not believed where its bytes are not those of the name', async () => {
    const Key = `blobs/${SHA256.slice(0, 2)}/${SHA256}`
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: 'students who cheat' }))
    await expect(openS3().fetchLocal(SHA256)).rejects.toThrow('not what its name says')
    expect(await readdir(path.join(folder, 'temporary'))).toEqual([])
    await openS3().remove(SHA256)
  })

  it('has the least lately used local copies removed where they are too many, and those in use kept', async () => {
    const storage = openS3(2 * MIB)
    const blobs = [randomBytes(MIB), randomBytes(MIB), randomBytes(MIB), randomBytes(MIB)]
    const names: string[] = []
    for (const [index, bytes] of blobs.entries()) {
      const { sha256 } = await storage.put(Readable.from([bytes]))
      names.push(sha256)
      if (index < 2) await makeOlder(path.join(folder, sha256), (4 - index) * HOUR_MS)
    }
    const copies = await readdir(folder)
    expect(names.map((name) => copies.includes(name))).toEqual([false, false, true, true])
    expect(await readFile(await storage.fetchLocal(names[0]!))).toEqual(blobs[0])
    for (const name of names) await storage.remove(name)
  })
})

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function listAll(storage: BlobStorage): Promise<StoredBlob[]> {
  const blobs: StoredBlob[] = []
  for await (const blob of storage.list()) blobs.push(blob)
  return blobs
}

async function fileOf(bytes: Buffer): Promise<string> {
  const file = path.join(folder, 'file')
  await writeFile(file, bytes)
  expect(await buffer(createReadStream(file))).toEqual(bytes)
  return file
}

function breakingOff(): Readable {
  return Readable.from(
    (async function* () {
      yield BYTES
      throw new Error('the line went dead')
    })(),
  )
}

async function makeOlder(file: string, byMs: number): Promise<void> {
  const then = new Date(Date.now() - byMs)
  await utimes(file, then, then)
}
