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
  type KeptBlob,
} from './blob-storage.ts'
import { expectFailure, writeHashed } from './disk.ts'
import { LocalBlobCache } from './local-blob-cache.ts'

/** Where the bucket is. Credentials come from where the AWS SDK looks for them: environment, files, instance role. */
export interface S3Place {
  bucket: string
  region: string
  /** A server that is not Amazon's, addressed as `endpoint/bucket/key`. */
  endpoint?: string | undefined
  /** Folder of local copies, and of what is being written. */
  cacheFolder: string
  /** Local copies that have not been used lately go when all are more than this. */
  cacheMaxBytes: number
}

const PREFIX = 'blobs/'
/** S3 takes at most 10,000 parts of an object. */
const MAX_PARTS = 9_000
const LEAST_PART_BYTES = 16 * 1024 * 1024
const PARTS_AT_A_TIME = 4
/** Bytes that were kept so lately are not sent again; older ones are, so that a collector sees that they are wanted. */
const FRESH_MS = 3_600_000

/** Blobs as objects of a bucket: `blobs/aa/aabbcc…`. An object is there once it was sent whole. */
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

  /** The stream goes to a local file first: its hash, which is its key, is known at its end. */
  async put(source: Readable, expectedSha256?: string): Promise<Blob> {
    expectFailure(source)
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

  /** A copy in the cache, whose hash was checked when it was fetched. */
  async fetchLocal(sha256: string): Promise<string> {
    checkBlobName(sha256)
    const cached = await this.#cache.find(sha256)
    if (cached) return cached
    const underWay = this.#fetching.get(sha256) ?? this.#fetch(sha256)
    this.#fetching.set(sha256, underWay)
    return underWay.finally(() => this.#fetching.delete(sha256))
  }

  async remove(sha256: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: keyOf(sha256) }))
    await this.#cache.remove(sha256)
  }

  async *list(): AsyncIterable<KeptBlob> {
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: PREFIX })
    for await (const { Contents = [] } of pages) {
      for (const { Key, Size, LastModified } of Contents)
        yield { sha256: present(Key).slice(-64), byteLength: present(Size), keptAt: present(LastModified) }
    }
  }

  /** Multipart uploads whose process died would be paid for until somebody aborts them. */
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
    if (kept && Date.now() - kept.keptAt.getTime() < FRESH_MS) return
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.#bucket, Key: keyOf(sha256), Body: createReadStream(file) },
      partSize: Math.max(LEAST_PART_BYTES, Math.ceil(byteLength / MAX_PARTS)),
      queueSize: PARTS_AT_A_TIME,
    })
    await upload.done()
  }

  async #head(sha256: string): Promise<KeptBlob | null> {
    try {
      const { ContentLength, LastModified } = await this.#client.send(
        new HeadObjectCommand({ Bucket: this.#bucket, Key: keyOf(sha256) }),
      )
      return { sha256, byteLength: present(ContentLength), keptAt: present(LastModified) }
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

/** What the service always answers with, though its types leave it open. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the S3 service left out what it always tells')
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
