import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type Blob,
  BlobMissing,
  type BlobStorage,
  type ByteRange,
  checkBlob,
  checkBlobName,
  type StoredBlob,
} from './blob-storage.ts'
import { OWN_FILE_MODE, OWN_FOLDER_MODE } from './own-folder.ts'

/**
 * Blobs in a folder: `aa/aabbcc…`. A blob is written to a temporary file, fsynced and renamed, so that it
 * appears whole.
 */
export class DiskStorage implements BlobStorage {
  readonly #root: string

  constructor(root: string) {
    this.#root = path.resolve(root)
  }

  async put(source: Readable, expectedSha256?: string): Promise<Blob> {
    deferErrors(source)
    const temporary = await this.#temporaryPath()
    try {
      const blob = await writeHashed(source, temporary)
      checkBlob(blob, expectedSha256)
      await this.#keep(temporary, blob.sha256)
      return blob
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async putFile(file: string): Promise<Blob> {
    return this.put(createReadStream(file))
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.byteLength(sha256)) !== null
  }

  async byteLength(sha256: string): Promise<number | null> {
    const found = await statOrNull(this.#pathOf(sha256))
    return found?.size ?? null
  }

  read(sha256: string, range?: ByteRange): Readable {
    return createReadStream(this.#pathOf(sha256), range)
  }

  async findLocal(sha256: string): Promise<string | null> {
    return (await this.has(sha256)) ? this.#pathOf(sha256) : null
  }

  /** Returns the blob's own file, not a copy. */
  async fetchLocal(sha256: string): Promise<string> {
    if (!(await this.has(sha256))) throw new BlobMissing(sha256)
    return this.#pathOf(sha256)
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true })
  }

  async *list(): AsyncIterable<StoredBlob> {
    for (const folder of await filesIn(this.#root)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue
      for (const sha256 of await filesIn(path.join(this.#root, folder))) {
        const found = await statOrNull(this.#pathOf(sha256))
        if (found) yield { sha256, byteLength: found.size, storedAt: found.mtime }
      }
    }
  }

  async removeUnfinished(olderThanMs: number): Promise<number> {
    const folder = path.join(this.#root, 'temporary')
    let removed = 0
    for (const name of await filesIn(folder)) {
      const file = path.join(folder, name)
      const found = await statOrNull(file)
      if (!found || Date.now() - found.mtimeMs < olderThanMs) continue
      await rm(file, { force: true })
      removed++
    }
    return removed
  }

  #pathOf(sha256: string): string {
    checkBlobName(sha256)
    return path.join(this.#root, sha256.slice(0, 2), sha256)
  }

  async #temporaryPath(): Promise<string> {
    const folder = path.join(this.#root, 'temporary')
    await mkdir(folder, { recursive: true, mode: OWN_FOLDER_MODE })
    return path.join(folder, randomUUID())
  }

  async #keep(temporary: string, sha256: string): Promise<void> {
    const final = this.#pathOf(sha256)
    await mkdir(path.dirname(final), { recursive: true, mode: OWN_FOLDER_MODE })
    await rename(temporary, final)
    const folder = await open(path.dirname(final))
    await folder.sync().finally(() => folder.close())
  }
}

/**
 * For a stream that will be consumed shortly. Without an error listener, a failure before then would crash
 * the process; the consumer still sees the error when it attaches.
 */
export function deferErrors(source: Readable): void {
  source.on('error', () => {})
}

/** Writes a stream to a new file, fsynced, hashing it on the way. */
export async function writeHashed(source: Readable, file: string): Promise<Blob> {
  const hash = createHash('sha256')
  let byteLength = 0
  await pipeline(
    source,
    async function* (chunks) {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        hash.update(chunk)
        byteLength += chunk.length
        yield chunk
      }
    },
    createWriteStream(file, { flush: true, mode: OWN_FILE_MODE }),
  )
  return { sha256: hash.digest('hex'), byteLength }
}

async function statOrNull(file: string) {
  return stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
