import type { Readable } from 'node:stream'

export interface DatasetFile {
  /** Relative, with forward slashes, in Unicode's composed form (NFC). */
  path: string
  byteLength: number
  /** CRC-32 of its bytes, where the archive has one. */
  checksum?: number | undefined
}

/** A file that is passed over, alone. */
export interface FileLeftOut {
  /** As it may be shown: a name can hold anything. */
  path: string
  reason: string
}

/** What is in a zip, a tar or a folder. */
export interface FileList<File extends DatasetFile = DatasetFile> {
  /** Sorted by path. */
  list: readonly File[]
  /** Every folder that is named itself, without a slash at its end: one without files shows nowhere else. */
  folders: readonly string[]
  leftOut: readonly FileLeftOut[]
  /** What a person should know of how the names were read. */
  notes?: readonly string[]
}

/** Where files lie: a zip, a tar or a folder. */
export interface FileSource extends FileList {
  /** @throws UnreadableFileError where this one file is damaged, InvalidDatasetError where all of it must be refused */
  read(file: DatasetFile): Promise<Buffer>
  /** The same bytes, for files that may be too large for memory. */
  stream(file: DatasetFile): Promise<Readable>
  close(): Promise<void>
}
