import { createReadStream, type Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { checkPath, isLitter, MAX_FILES, refuseDuplicatePaths, sortByPath } from './file-names.ts'
import type { DatasetFile, FileSource } from './file-source.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'

interface FolderFile extends DatasetFile {
  location: string
}

/** The files of a folder on disk, by the same rules as those of a zip. */
export async function openFolder(root: string): Promise<FileSource> {
  const list: FolderFile[] = []
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const location = path.join(entry.parentPath, entry.name)
    const relative = path.relative(root, location).split(path.sep).join('/')
    if (entry.isDirectory() || isLitter(relative)) continue
    refuseSpecial(entry, relative)
    list.push({ path: checkPath(relative), byteLength: (await stat(location)).size, location })
    if (list.length > MAX_FILES)
      throw new InvalidDatasetError(`The folder holds more than ${MAX_FILES.toLocaleString('en')} files.`)
  }
  refuseDuplicatePaths(sortByPath(list))
  return {
    list,
    read: (file) => readFile((file as FolderFile).location),
    stream: async (file) => createReadStream((file as FolderFile).location),
    close: async () => {},
  }
}

function refuseSpecial(entry: Dirent, relative: string): void {
  if (entry.isSymbolicLink())
    throw new InvalidDatasetError(`“${relative}” is a symbolic link; put the file itself in its place.`)
  if (!entry.isFile()) throw new InvalidDatasetError(`“${relative}” is neither a file nor a folder.`)
}
