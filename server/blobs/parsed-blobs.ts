import { buffer } from 'node:stream/consumers'
import { LRUCache } from 'lru-cache'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** What was read from the blobs that were asked for most recently. Blobs never change, so neither does what is kept. */
export class ParsedBlobs<Value extends object> {
  readonly #kept: LRUCache<string, Value, BlobStorage>

  constructor(parse: (bytes: Buffer) => Value, max = 64) {
    this.#kept = new LRUCache({
      max,
      // Whoever waits for a blob gets it, even where others have pushed it out meanwhile.
      ignoreFetchAbort: true,
      fetchMethod: async (sha256, _, { context: storage }) =>
        (await storage.has(sha256)) ? parse(await buffer(storage.read(sha256))) : undefined,
    })
  }

  /** Null where the storage no longer has it. */
  async read(storage: BlobStorage, sha256: string): Promise<Value | null> {
    return (await this.#kept.fetch(sha256, { context: storage })) ?? null
  }
}
