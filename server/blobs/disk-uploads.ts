import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { FileStore } from '@tus/file-store'
import { type KeptPart, PartialUploads } from './partial-uploads.ts'

/** A file named by the upload's id, and tus's note of its length. */
export class DiskUploads extends PartialUploads {
  readonly store: FileStore

  constructor(folder: string) {
    super()
    this.store = new FileStore({ directory: folder })
  }

  async read(uploadId: string): Promise<Readable> {
    return this.store.read(this.keyOf(uploadId))
  }

  protected async *listParts(): AsyncIterable<KeptPart> {
    const folder = this.store.directory
    for (const name of await readdir(folder)) {
      const found = await stat(path.join(folder, name)).catch(() => null)
      if (found) yield { uploadId: name.replace(/\.json$/, ''), changedAt: found.mtime }
    }
  }

  async remove(uploadId: string): Promise<void> {
    const key = this.keyOf(uploadId)
    // Only where there is no such file; then there may still be its note.
    await this.store.remove(key).catch(() => {})
    await this.store.configstore.delete(key).catch(() => {})
  }

  /** tus takes a note that it cannot read for one that is not there; bytes come only where there was one. */
  protected override async confirmUnknown(uploadId: string): Promise<void> {
    const file = path.join(this.store.directory, this.keyOf(uploadId))
    const size = await stat(file).then(
      (found) => found.size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 0
        throw error
      },
    )
    if (size > 0)
      throw new Error(`the note of the upload ${uploadId} cannot be read, and ${size} bytes are there`)
  }
}
