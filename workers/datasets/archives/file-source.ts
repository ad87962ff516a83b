import type { Readable } from 'node:stream'

export interface DatasetFile {
  /** Relative, with forward slashes, in Unicode's composed form (NFC). */
  path: string
  byteLength: number
}

/** Where files lie: a zip, a tar or a folder. */
export interface FileSource {
  /** Sorted by path. */
  list: readonly DatasetFile[]
  /** @throws UnreadableFileError where this one file is damaged, InvalidDatasetError where all of it must be refused */
  read(file: DatasetFile): Promise<Buffer>
  /** The same bytes, for files that may be too large for memory. */
  stream(file: DatasetFile): Promise<Readable>
  close(): Promise<void>
}
