import { readSync } from 'node:fs'
import { type FileHandle, mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Bytes are gathered until there are so many, since a write for every image would be slow. */
const GATHER_BYTES = 1024 * 1024

/**
 * Bytes that are on disk for as long as they are needed. The file has lost its name when it is opened, so that nothing
 * can find it, and nothing is left of it even where the process is killed.
 */
export class Spool {
  readonly #handle: FileHandle
  readonly #gathered = Buffer.allocUnsafe(GATHER_BYTES)
  #gatheredBytes = 0
  #byteLength = 0

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async open(parent: string = tmpdir()): Promise<Spool> {
    await mkdir(parent, { recursive: true })
    const folder = await mkdtemp(path.join(parent, 'spool-'))
    try {
      return new Spool(await open(path.join(folder, 'bytes'), 'wx+', 0o600))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** All that was appended. */
  get byteLength(): number {
    return this.#byteLength
  }

  /** The bytes are copied, or written before it ends: they may change afterwards. */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#gatheredBytes + bytes.length > GATHER_BYTES) await this.flush()
    const at = this.#byteLength
    this.#byteLength += bytes.length
    if (bytes.length > GATHER_BYTES) return this.#write(bytes, at)
    this.#gathered.set(bytes, this.#gatheredBytes)
    this.#gatheredBytes += bytes.length
  }

  /** Must have ended before anything is read. */
  async flush(): Promise<void> {
    const bytes = this.#gathered.subarray(0, this.#gatheredBytes)
    await this.#write(bytes, this.#byteLength - bytes.length)
    this.#gatheredBytes = 0
  }

  async #write(bytes: Uint8Array, start: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, start + done)
      done += bytesWritten
    }
  }

  /** As many of the bytes as there are. */
  async read(start: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.#byteLength - start)))
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, start)
    return buffer.subarray(0, bytesRead)
  }

  /** The same at once, for readers that go through byte by byte: what was just written is in the system's memory. */
  readNow(start: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.#byteLength - start)))
    return buffer.subarray(0, readSync(this.#handle.fd, buffer, 0, buffer.length, start))
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
