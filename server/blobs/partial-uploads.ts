import type { Readable } from 'node:stream'
import { type DataStore, Upload } from '@tus/server'
import { typeOfId } from '../../contract/ids.ts'

/** What tus throws where it knows nothing of an upload, or no longer has its bytes. */
const UNKNOWN_STATUS = new Set([404, 410])

/** Something that is kept of an upload, its bytes or a note. */
export interface KeptPart {
  uploadId: string
  changedAt: Date
}

/** The bytes of uploads that are not finalized. They lie beside the blobs, so that every server can go on with them. */
export abstract class PartialUploads {
  abstract readonly store: DataStore

  /** Where the store keeps an upload's bytes. @throws if it is no upload's id */
  keyOf(uploadId: string): string {
    if (typeOfId(uploadId) !== 'Upload') throw new Error(`“${uploadId}” is not the id of an upload`)
    return uploadId
  }

  /** Of an upload that has arrived whole. */
  abstract read(uploadId: string): Promise<Readable>

  /** The uploads of which anything is kept, each once, with the time of its last change. */
  async *list(): AsyncIterable<KeptPart> {
    const newest = new Map<string, Date>()
    for await (const { uploadId, changedAt } of this.listParts()) {
      const before = newest.get(uploadId)
      if (typeOfId(uploadId) === 'Upload' && (!before || before < changedAt)) newest.set(uploadId, changedAt)
    }
    for (const [uploadId, changedAt] of newest) yield { uploadId, changedAt }
  }

  protected abstract listParts(): AsyncIterable<KeptPart>

  /** Forgets the bytes, if there are any; the upload may begin again. */
  abstract remove(uploadId: string): Promise<void>

  /** Bytes that have arrived; 0 before the first. */
  async receivedBytes(uploadId: string): Promise<number> {
    return (await this.#find(uploadId))?.offset ?? 0
  }

  /** Makes the empty file where there is none, so that bytes can be appended. */
  async prepare(uploadId: string, byteLength: number): Promise<void> {
    if (await this.#find(uploadId)) return
    await this.store.create(new Upload({ id: this.keyOf(uploadId), size: byteLength, offset: 0 }))
  }

  async #find(uploadId: string): Promise<Upload | null> {
    try {
      return await this.store.getUpload(this.keyOf(uploadId))
    } catch (error) {
      if (!UNKNOWN_STATUS.has((error as { status_code?: number }).status_code ?? 0)) throw error
      await this.confirmUnknown(uploadId)
      return null
    }
  }

  /** @throws where tus found nothing, and something may be there: an upload that begins again loses what has arrived */
  protected confirmUnknown(_uploadId: string): Promise<void> {
    return Promise.resolve()
  }
}
