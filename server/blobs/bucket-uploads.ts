import { Readable } from 'node:stream'
import {
  DeleteObjectsCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { S3Store } from '@tus/s3-store'
import type { StoragePlace } from '../../storage/open-storage.ts'
import { type KeptPart, PartialUploads } from './partial-uploads.ts'

/** Beside blobs/, under which whatever no row names is collected. */
const PREFIX = 'uploads/'
/** What tus puts beside an upload: its length and multipart id, and bytes that are too few for a part. */
const COMPANIONS = ['', '.info', '.part']

/** Parts of a multipart upload for each upload, which becomes one object with its last byte. */
export class BucketUploads extends PartialUploads {
  readonly store: S3Store
  readonly #client: S3Client
  readonly #bucket: string

  constructor({ bucket, region, endpoint }: Extract<StoragePlace, { kind: 's3' }>) {
    super()
    const place = { region, ...(endpoint && { endpoint, forcePathStyle: true }) }
    this.#bucket = bucket
    this.#client = new S3Client(place)
    this.store = new S3Store({ s3ClientConfig: { ...place, bucket }, useTags: false, cache: NO_CACHE })
  }

  override keyOf(uploadId: string): string {
    return PREFIX + super.keyOf(uploadId)
  }

  async read(uploadId: string): Promise<Readable> {
    const key = this.keyOf(uploadId)
    const { size } = await this.store.getUpload(key)
    // A server that died between the last byte and the end of the multipart upload left it open: no bytes more end it.
    if (!(await this.#isThere(key))) await this.store.write(Readable.from([]), key, size ?? 0)
    return (await this.store.read(key)) as Readable
  }

  protected async *listParts(): AsyncIterable<KeptPart> {
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: PREFIX })
    for await (const { Contents = [] } of pages)
      for (const { Key, LastModified } of Contents)
        if (Key && LastModified)
          yield { uploadId: Key.slice(PREFIX.length).replace(/\.(info|part)$/, ''), changedAt: LastModified }
  }

  async remove(uploadId: string): Promise<void> {
    const key = this.keyOf(uploadId)
    await this.store.remove(key).catch((error: { status_code?: number }) => {
      // Also of one that is whole, whose objects it leaves.
      if (error.status_code !== 404) throw error
    })
    const Objects = COMPANIONS.map((ending) => ({ Key: key + ending }))
    await this.#client.send(new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects } }))
  }

  /** tus takes whatever keeps it from reading its note for a note that is not there: a bucket that is away, too. */
  protected override async confirmUnknown(uploadId: string): Promise<void> {
    if (await this.#isThere(`${this.keyOf(uploadId)}.info`))
      throw new Error(`the bucket did not tell what has arrived of the upload ${uploadId}`)
  }

  async #isThere(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }))
      return true
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false
      throw error
    }
  }
}

/** tus would keep an upload's multipart id, and go on with it after another server has let the upload begin again. */
const NO_CACHE = {
  get: async () => undefined,
  set: async () => {},
  delete: async () => {},
}
