import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import {
  type Blob,
  BlobMissing,
  type BlobStorage,
  type ByteRange,
  checkBlob,
  checkBlobName,
  type StoredBlob,
} from './blob-storage.ts'
import { deferErrors, writeHashed } from './disk.ts'
import { LocalBlobCache } from './local-blob-cache.ts'

/**
 * Which bucket, and where. Credentials come from the AWS SDK's default chain: environment, files, instance
 * role.
 */
export interface S3Place {
  bucket: string
  region: string
  /** Of an S3-compatible server, addressed path-style as `endpoint/bucket/key`. */
  endpoint?: string | undefined
  /** Holds local copies and unfinished writes. */
  cacheFolder: string
  /** Copies that have not been used recently are evicted when the total exceeds this. */
  cacheMaxBytes: number
}

const PREFIX = 'blobs/'
/** S3 accepts at most 10,000 parts per object. */
const MAX_PARTS = 9_000
const MIN_PART_BYTES = 16 * 1024 * 1024
const CONCURRENT_PARTS = 4
/**
 * A blob stored more recently than this is not sent again; an older one is, so that garbage collection sees
 * it in use.
 */
const FRESH_MS = 3_600_000

/**
 * Blobs as objects of a bucket: `blobs/aa/aabbcc…`. An object appears once it has been uploaded completely.
 */
export class S3Storage implements BlobStorage {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #cache: LocalBlobCache
  readonly #fetching = new Map<string, Promise<string>>()

  constructor({ bucket, region, endpoint, cacheFolder, cacheMaxBytes }: S3Place) {
    this.#client = new S3Client({ region, ...(endpoint && { endpoint, forcePathStyle: true }) })
    this.#bucket = bucket
    this.#cache = new LocalBlobCache(cacheFolder, cacheMaxBytes)
  }

  /**
   * Spools to a local file first, because the hash, which is the key, is known only at the end of the stream.
   */
  async put(source: Readable, expectedSha256?: string): Promise<Blob> {
    deferErrors(source)
    const temporary = await this.#cache.temporaryPath()
    try {
      const blob = await writeHashed(source, temporary)
      checkBlob(blob, expectedSha256)
      await this.#send(temporary, blob)
      await this.#cache.adopt(temporary, blob.sha256)
      return blob
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async putFile(file: string): Promise<Blob> {
    const blob = await hashFile(file)
    await this.#send(file, blob)
    return blob
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.byteLength(sha256)) !== null
  }

  async byteLength(sha256: string): Promise<number | null> {
    return (await this.#head(sha256))?.byteLength ?? null
  }

  read(sha256: string, range?: ByteRange): Readable {
    checkBlobName(sha256)
    return Readable.from(this.#readChunks(sha256, range), { objectMode: false })
  }

  async findLocal(sha256: string): Promise<string | null> {
    checkBlobName(sha256)
    return this.#cache.find(sha256)
  }

  /** Returns a cached copy, whose hash was checked when it was downloaded. */
  async fetchLocal(sha256: string): Promise<string> {
    checkBlobName(sha256)
    const cached = await this.#cache.find(sha256)
    if (cached) return cached
    const pending = this.#fetching.get(sha256) ?? this.#fetch(sha256)
    this.#fetching.set(sha256, pending)
    return pending.finally(() => this.#fetching.delete(sha256))
  }

  async remove(sha256: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: keyOf(sha256) }))
    await this.#cache.remove(sha256)
  }

  async *list(): AsyncIterable<StoredBlob> {
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: PREFIX })
    for await (const { Contents = [] } of pages) {
      for (const { Key, Size, LastModified } of Contents)
        yield { sha256: present(Key).slice(-64), byteLength: present(Size), storedAt: present(LastModified) }
    }
  }

  /** Multipart uploads whose process died would be billed until aborted. */
  async removeUnfinished(olderThanMs: number): Promise<number> {
    let removed = await this.#cache.removeUnfinished(olderThanMs)
    for await (const { Key, UploadId, Initiated } of this.#listUploads()) {
      if (Date.now() - present(Initiated).getTime() < olderThanMs) continue
      await this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }))
      removed++
    }
    return removed
  }

  async *#listUploads(): AsyncIterable<MultipartUpload> {
    let next: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {}
    while (next) {
      const page: ListMultipartUploadsCommandOutput = await this.#client.send(
        new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: PREFIX, ...next }),
      )
      yield* page.Uploads ?? []
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        : undefined
    }
  }

  async #send(file: string, { sha256, byteLength }: Blob): Promise<void> {
    const kept = await this.#head(sha256)
    if (kept && Date.now() - kept.storedAt.getTime() < FRESH_MS) return
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.#bucket, Key: keyOf(sha256), Body: createReadStream(file) },
      partSize: Math.max(MIN_PART_BYTES, Math.ceil(byteLength / MAX_PARTS)),
      queueSize: CONCURRENT_PARTS,
    })
    await upload.done()
  }

  async #head(sha256: string): Promise<StoredBlob | null> {
    try {
      const { ContentLength, LastModified } = await this.#client.send(
        new HeadObjectCommand({ Bucket: this.#bucket, Key: keyOf(sha256) }),
      )
      return { sha256, byteLength: present(ContentLength), storedAt: present(LastModified) }
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async *#readChunks(sha256: string, range?: ByteRange): AsyncIterable<Buffer> {
    const Range = range && `bytes=${range.start}-${range.end}`
    const { Body } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#bucket, Key: keyOf(sha256), Range }))
      .catch((error: unknown) => {
        throw isMissing(error) ? new BlobMissing(sha256, { cause: error }) : error
      })
    yield* Body as Readable
  }

  async #fetch(sha256: string): Promise<string> {
    const temporary = await this.#cache.temporaryPath()
    try {
      const fetched = await writeHashed(this.read(sha256), temporary)
      if (fetched.sha256 !== sha256)
        throw new Error(`the bytes of the blob ${sha256} are not what its name says`)
      return await this.#cache.adopt(temporary, sha256)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }
}

/** For fields that the service always returns, though its types make them optional. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the S3 service left out a field that it always returns')
  return value
}

function keyOf(sha256: string): string {
  checkBlobName(sha256)
  return `${PREFIX}${sha256.slice(0, 2)}/${sha256}`
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    error.$metadata.httpStatusCode === 404 &&
    error.name !== 'NoSuchBucket'
  )
}

async function hashFile(file: string): Promise<Blob> {
  const hash = createHash('sha256')
  let byteLength = 0
  await pipeline(createReadStream(file), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk)
      byteLength += chunk.length
    }
  })
  return { sha256: hash.digest('hex'), byteLength }
}
