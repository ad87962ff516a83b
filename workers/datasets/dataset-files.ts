import { stat } from 'node:fs/promises'
import { openFolder } from './folder-files.ts'
import { RefusedDataset } from './refused-dataset.ts'
import { openZip } from './zip-files.ts'

export interface DatasetFile {
  /** Relative, with forward slashes, in Unicode's composed form (NFC). */
  path: string
  byteLength: number
}

/** The files of a dataset, wherever they lie. */
export interface DatasetFiles {
  /** Sorted by path. */
  list: readonly DatasetFile[]
  /** @throws UnreadableFile where this one file is damaged, RefusedDataset where all of it must be refused */
  read(file: DatasetFile): Promise<Buffer>
  close(): Promise<void>
}

/**
 * Opens a zip or a folder and checks all of its names and sizes; no content is read yet.
 * @throws RefusedDataset where there is nothing, or something that could do harm
 */
export async function openDatasetFiles(location: string): Promise<DatasetFiles> {
  const found = await stat(location).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new RefusedDataset(`There is nothing at ${location}.`)
  })
  const files = found.isDirectory() ? await openFolder(location) : await openZip(location)
  if (files.list.length > 0) return files
  await files.close()
  throw new RefusedDataset(found.isDirectory() ? 'The folder is empty.' : 'The archive is empty.')
}
