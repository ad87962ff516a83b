import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A blob's name is the SHA-256 of its bytes, so a blob never changes and the same bytes are kept once. */
export interface Blob {
  sha256: string
  byteLength: number
}

const SHA256 = /^[0-9a-f]{64}$/

/** Blobs in a folder: `aa/aabbcc…`. A blob is written to a temporary name, synced and renamed: whole or not there. */
export class DiskStorage {
  readonly #root: string

  constructor(root: string) {
    this.#root = path.resolve(root)
  }

  /** Keeps the bytes of a stream. The blob is on disk when the promise resolves. */
  async put(source: Readable): Promise<Blob> {
    const temporary = await this.#temporaryPath()
    const hash = createHash('sha256')
    let byteLength = 0
    try {
      await pipeline(
        source,
        async function* (chunks) {
          for await (const chunk of chunks as AsyncIterable<Buffer>) {
            hash.update(chunk)
            byteLength += chunk.length
            yield chunk
          }
        },
        createWriteStream(temporary, { flush: true }),
      )
      const sha256 = hash.digest('hex')
      await this.#keep(temporary, sha256)
      return { sha256, byteLength }
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Keeps a copy of a local file. */
  async putFile(file: string): Promise<Blob> {
    return this.put(createReadStream(file))
  }

  /** True where the blob is kept. */
  async has(sha256: string): Promise<boolean> {
    return (await this.byteLength(sha256)) !== null
  }

  /** Bytes of the blob, or null where it is not kept. */
  async byteLength(sha256: string): Promise<number | null> {
    try {
      return (await stat(this.localPath(sha256))).size
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  /** Reads the blob, or its bytes from `start` to `end`, both included. */
  read(sha256: string, range?: { start: number; end: number }): Readable {
    return createReadStream(this.localPath(sha256), range)
  }

  /** The file that holds the blob, for readers that map or seek. Read-only by agreement. */
  localPath(sha256: string): string {
    if (!SHA256.test(sha256)) throw new Error(`“${sha256}” is not the name of a blob`)
    return path.join(this.#root, sha256.slice(0, 2), sha256)
  }

  async #temporaryPath(): Promise<string> {
    const folder = path.join(this.#root, 'temporary')
    await mkdir(folder, { recursive: true })
    return path.join(folder, randomUUID())
  }

  async #keep(temporary: string, sha256: string): Promise<void> {
    const final = this.localPath(sha256)
    await mkdir(path.dirname(final), { recursive: true })
    await rename(temporary, final)
    const folder = await open(path.dirname(final))
    await folder.sync().finally(() => folder.close())
  }
}
