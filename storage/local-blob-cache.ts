import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'

/** A file used this recently may be about to be opened, so it stays even if the cache is over its limit. */
const IN_USE_MS = 3_600_000

/**
 * Local copies of blobs that are stored remotely. A copy appears whole, by rename; the least recently used
 * are evicted when the total exceeds `maxBytes`. Recency is kept in the files' mtimes rather than in memory
 * (lru-cache), because several processes share the folder and it outlives each of them.
 */
export class LocalBlobCache {
  readonly #folder: string
  readonly #maxBytes: number

  constructor(folder: string, maxBytes: number) {
    this.#folder = path.resolve(folder)
    this.#maxBytes = maxBytes
  }

  /** The copy's path, or null if there is none. Counts as a use. */
  async find(sha256: string): Promise<string | null> {
    const file = path.join(this.#folder, sha256)
    const now = new Date()
    return utimes(file, now, now).then(
      () => file,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      },
    )
  }

  /** A path to write a copy to, on the same file system. */
  async temporaryPath(): Promise<string> {
    const folder = this.#temporaryFolder()
    await mkdir(folder, { recursive: true })
    return path.join(folder, randomUUID())
  }

  /** Moves a complete copy from its temporary path into the cache, and evicts old ones. */
  async adopt(temporary: string, sha256: string): Promise<string> {
    const file = path.join(this.#folder, sha256)
    await rename(temporary, file)
    await this.#evict()
    return file
  }

  async remove(sha256: string): Promise<void> {
    await rm(path.join(this.#folder, sha256), { force: true })
  }

  /** Removes temporary files that have not been written to for this long. */
  async removeUnfinished(olderThanMs: number): Promise<number> {
    const old = (await listFiles(this.#temporaryFolder())).filter(
      ({ usedAtMs }) => Date.now() - usedAtMs >= olderThanMs,
    )
    for (const { file } of old) await rm(file, { force: true })
    return old.length
  }

  async #evict(): Promise<void> {
    const copies = (await listFiles(this.#folder)).sort((a, b) => a.usedAtMs - b.usedAtMs)
    let bytes = copies.reduce((sum, { byteLength }) => sum + byteLength, 0)
    for (const { file, byteLength, usedAtMs } of copies) {
      if (bytes <= this.#maxBytes || Date.now() - usedAtMs < IN_USE_MS) return
      await rm(file, { force: true })
      bytes -= byteLength
    }
  }

  #temporaryFolder(): string {
    return path.join(this.#folder, 'temporary')
  }
}

interface FoundFile {
  file: string
  byteLength: number
  usedAtMs: number
}

/** Regular files in a folder; one that disappears meanwhile is left out. */
async function listFiles(folder: string): Promise<FoundFile[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name)
      const info = await stat(file).catch(() => null)
      return info?.isFile() ? [{ file, byteLength: info.size, usedAtMs: info.mtimeMs }] : []
    }),
  )
  return found.flat()
}
