import type { Readable } from 'node:stream'

/** A blob's name is the SHA-256 of its bytes, so a blob never changes and the same bytes are kept once. */
export interface Blob {
  sha256: string
  byteLength: number
}

/** A blob as a listing tells of it, for whoever looks for blobs that nothing names any longer. */
export interface KeptBlob extends Blob {
  /** When it was kept last, by the storage's clock. */
  keptAt: Date
}

/** Both ends are included. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Where bytes are kept: on a disk or in a bucket. A blob is whole or not there, whatever breaks off.
 * Every method that takes a name throws at once where it is no SHA-256 in lower-case hexadecimal.
 */
export interface BlobStorage {
  /**
   * Keeps the bytes of a stream; kept for good when the promise resolves. To keep the same bytes again changes nothing.
   * @param expectedSha256  the name that they must have
   * @throws UnexpectedBytes where they have another one; nothing is kept then
   */
  put(source: Readable, expectedSha256?: string): Promise<Blob>
  /** Keeps a copy of a local file. */
  putFile(file: string): Promise<Blob>
  /** True where the blob is kept. */
  has(sha256: string): Promise<boolean>
  /** Bytes of the blob, or null where it is not kept. */
  byteLength(sha256: string): Promise<number | null>
  /** Reads the blob or a part of it. The stream fails where the blob is not kept. */
  read(sha256: string, range?: ByteRange): Readable
  /** As `fetchLocal`, where the file is here already; null where it would have to be fetched first. */
  findLocal(sha256: string): Promise<string | null>
  /**
   * A local file with the blob's bytes, for readers that map or seek: theirs to read, not to write or remove.
   * @throws BlobMissing where the blob is not kept
   */
  fetchLocal(sha256: string): Promise<string>
  /** Forgets the blob; where it is not kept, nothing happens. */
  remove(sha256: string): Promise<void>
  /** Every blob, in no particular order. */
  list(): AsyncIterable<KeptBlob>
  /** Removes what unfinished writes left behind more than so long ago, and returns how many there were. */
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

/** @throws UnexpectedBytes where a blob is not the one that it should be */
export function checkBlob({ sha256 }: Blob, expected: string | undefined): void {
  if (expected !== undefined && sha256 !== expected) throw new UnexpectedBytes(expected, sha256)
}

const SHA256 = /^[0-9a-f]{64}$/

/** @throws if the name is not a valid blob name */
export function checkBlobName(sha256: string): void {
  if (!SHA256.test(sha256)) throw new Error(`“${sha256}” is not the name of a blob`)
}
