import { buffer } from 'node:stream/consumers'
import type { BlobStorage } from '../../storage/blob-storage.ts'

const MAX_KEPT = 64

/** Keeps what was read of the blobs that were asked for last; a blob never changes. */
export class BlobCache<Value> {
  readonly #parse: (bytes: Buffer) => Value
  readonly #kept = new Map<string, Promise<Value>>()

  constructor(parse: (bytes: Buffer) => Value) {
    this.#parse = parse
  }

  /** Null where the storage does not have it any more. */
  async read(storage: BlobStorage, sha256: string): Promise<Value | null> {
    const known = this.#kept.get(sha256)
    if (!known && !(await storage.has(sha256))) return null
    const value = known ?? buffer(storage.read(sha256)).then(this.#parse)
    this.#kept.delete(sha256)
    this.#kept.set(sha256, value)
    value.catch(() => this.#kept.delete(sha256))
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return value
  }
}
