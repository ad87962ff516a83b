import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { FileStore } from '@tus/file-store'
import { Upload } from '@tus/server'
import { typeOfId } from '../../contract/ids.ts'
import { openOwnFolder } from '../../storage/own-folder.ts'

/** The bytes of uploads that are not finalized: a file named by the upload's id, and tus's note of its length. */
export class PartialUploads {
  readonly store: FileStore
  readonly #folder: string
  /** What is done with the bytes of an upload, by its id; it never rejects. */
  readonly #underWay = new Map<string, Promise<unknown>>()

  private constructor(folder: string) {
    this.#folder = folder
    this.store = new FileStore({ directory: folder })
  }

  static async open(folder: string): Promise<PartialUploads> {
    await openOwnFolder(folder)
    return new PartialUploads(folder)
  }

  /** Bytes that have arrived; 0 before the first. */
  async receivedBytes(uploadId: string): Promise<number> {
    try {
      return (await stat(this.#path(uploadId))).size
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
      throw error
    }
  }

  /** Makes the empty file where there is none, so that bytes can be appended. */
  async prepare(uploadId: string, byteLength: number): Promise<void> {
    const known = await this.store.configstore.get(uploadId)
    const there = await stat(this.#path(uploadId)).catch(() => null)
    if (known && there) return
    await this.store.create(new Upload({ id: uploadId, size: byteLength, offset: 0 }))
  }

  read(uploadId: string): Readable {
    return createReadStream(this.#path(uploadId))
  }

  /** Does something with an upload's bytes once whatever else is done with them here has ended, well or not. */
  async inTurn<Result>(uploadId: string, work: () => Promise<Result>): Promise<Result> {
    const result = (this.#underWay.get(uploadId) ?? Promise.resolve()).then(work)
    const ended = result.catch(() => {})
    this.#underWay.set(uploadId, ended)
    try {
      return await result
    } finally {
      if (this.#underWay.get(uploadId) === ended) this.#underWay.delete(uploadId)
    }
  }

  /** Forgets the bytes; the upload may begin again. */
  async remove(uploadId: string): Promise<void> {
    await rm(this.#path(uploadId), { force: true })
    await this.store.configstore.delete(uploadId).catch(() => {})
  }

  #path(uploadId: string): string {
    if (typeOfId(uploadId) !== 'Upload') throw new Error(`“${uploadId}” is not the id of an upload`)
    return path.join(this.#folder, uploadId)
  }
}
