import type { Readable } from 'node:stream'

/** A blob's name is the SHA-256 of its bytes, so a blob never changes and equal bytes are stored once. */
export interface Blob {
  sha256: string
  byteLength: number
}

/** A blob as listed, for garbage collection of blobs that nothing references. */
export interface StoredBlob extends Blob {
  /** When it was last stored, by the storage's clock. */
  storedAt: Date
}

/** Inclusive at both ends. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Content-addressed storage, on disk or in a bucket. Writes are atomic: an interrupted one leaves no partial
 * blob. Every method that takes a name throws synchronously unless it is a SHA-256 in lowercase hexadecimal.
 */
export interface BlobStorage {
  /**
   * Stores the bytes of a stream, durably once the promise resolves. Storing the same bytes again changes
   * nothing.
   * @param expectedSha256  the hash that the bytes must have
   * @throws UnexpectedBytes if they have another hash; nothing is stored then
   */
  put(source: Readable, expectedSha256?: string): Promise<Blob>
  /** Stores a copy of a local file. */
  putFile(file: string): Promise<Blob>
  has(sha256: string): Promise<boolean>
  /** The blob's size in bytes, or null if it is not stored. */
  byteLength(sha256: string): Promise<number | null>
  /** Reads the blob or a range of it. The stream fails if the blob is not stored. */
  read(sha256: string, range?: ByteRange): Readable
  /** As `fetchLocal`, but null if the file would have to be downloaded first. */
  findLocal(sha256: string): Promise<string | null>
  /**
   * The path of a local file with the blob's bytes, for readers that map or seek. Callers must not write or
   * remove it.
   * @throws BlobMissing if the blob is not stored
   */
  fetchLocal(sha256: string): Promise<string>
  /** Removes the blob; does nothing if it is not stored. */
  remove(sha256: string): Promise<void>
  /** Every blob, in no particular order. */
  list(): AsyncIterable<StoredBlob>
  /** Removes leftovers of interrupted writes older than this, and returns how many there were. */
  removeUnfinished(olderThanMs: number): Promise<number>
}

export class BlobMissing extends Error {
  override readonly name = 'BlobMissing'

  constructor(sha256: string, options?: ErrorOptions) {
    super(`the blob ${sha256} is not in the storage`, options)
  }
}

export class UnexpectedBytes extends Error {
  override readonly name = 'UnexpectedBytes'
  readonly found: string

  constructor(expected: string, found: string) {
    super(`the bytes have the SHA-256 ${found}, not ${expected}`)
    this.found = found
  }
}

/** @throws UnexpectedBytes if the blob does not have the expected hash */
export function checkBlob({ sha256 }: Blob, expected: string | undefined): void {
  if (expected !== undefined && sha256 !== expected) throw new UnexpectedBytes(expected, sha256)
}

const SHA256 = /^[0-9a-f]{64}$/

/** @throws if the name is not a valid blob name */
export function checkBlobName(sha256: string): void {
  if (!SHA256.test(sha256)) throw new Error(`“${sha256}” is not the name of a blob`)
}
