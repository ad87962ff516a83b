import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'

/** A file used so recently may be about to be opened: it stays, even where the cache is over its cap. */
const IN_USE_MS = 3_600_000

/**
 * Copies on this machine's disk of blobs that are kept elsewhere: a copy appears whole, by rename, and those used least
 * recently go when all together are more than `maxBytes`. The order of use is the files' times and not a list in memory
 * (lru-cache), because several processes share the folder and it outlives each of them.
 */
export class LocalBlobCache {
  readonly #folder: string
  readonly #maxBytes: number

  constructor(folder: string, maxBytes: number) {
    this.#folder = path.resolve(folder)
    this.#maxBytes = maxBytes
  }

  /** The copy's path, or null where there is none. To ask for it is to use it. */
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

  /** A path to write a copy to, in the same file system. */
  async temporaryPath(): Promise<string> {
    const folder = this.#temporaryFolder()
    await mkdir(folder, { recursive: true })
    return path.join(folder, randomUUID())
  }

  /** Takes over a whole copy from its temporary path, and makes room. */
  async adopt(temporary: string, sha256: string): Promise<string> {
    const file = path.join(this.#folder, sha256)
    await rename(temporary, file)
    await this.#makeRoom()
    return file
  }

  async remove(sha256: string): Promise<void> {
    await rm(path.join(this.#folder, sha256), { force: true })
  }

  /** Removes temporary files that nobody has written to for so long. */
  async removeUnfinished(olderThanMs: number): Promise<number> {
    const old = (await listFiles(this.#temporaryFolder())).filter(
      ({ usedAtMs }) => Date.now() - usedAtMs >= olderThanMs,
    )
    for (const { file } of old) await rm(file, { force: true })
    return old.length
  }

  async #makeRoom(): Promise<void> {
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

/** Plain files of a folder; one that goes away meanwhile is left out. */
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
