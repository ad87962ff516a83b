import { createReadStream, type Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { MAX_FILES, NameGatherer } from './file-names.ts'
import type { DatasetFile, FileSource } from './file-source.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'

interface FolderFile extends DatasetFile {
  location: string
}

/** The files of a folder on disk, by the same rules as those of a zip. */
export async function openFolder(root: string): Promise<FileSource> {
  const names = new NameGatherer<FolderFile>()
  const top = await realpath(root)
  await gather({ names, top }, top, '', [top])
  return {
    ...names.finish(),
    read: (file) => readFile((file as FolderFile).location),
    stream: async (file) => createReadStream((file as FolderFile).location),
    close: async () => {},
  }
}

interface Gathering {
  names: NameGatherer<FolderFile>
  top: string
}

/** @param above  the real folders that this one lies in, so that a link to one of them leads no second time around */
async function gather(
  gathering: Gathering,
  folder: string,
  name: string,
  above: readonly string[],
): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const entryName = name === '' ? entry.name : `${name}/${entry.name}`
    const location = path.join(folder, entry.name)
    if (entry.isSymbolicLink()) await follow(gathering, location, entryName, above)
    else await take(gathering, location, entryName, entry, above)
  }
}

async function take(
  gathering: Gathering,
  location: string,
  name: string,
  kind: Pick<Dirent, 'isDirectory' | 'isFile'>,
  above: readonly string[],
): Promise<void> {
  const { names } = gathering
  if (kind.isDirectory()) {
    names.accept(`${name}/`)
    return gather(gathering, location, name, [...above, location])
  }
  const accepted = names.accept(name)
  if (accepted === undefined) return
  if (!kind.isFile()) return names.leaveOut(name, 'it is neither a file nor a folder')
  names.add({ path: accepted, byteLength: (await stat(location)).size, location })
  if (names.count > MAX_FILES)
    throw new InvalidDatasetError(`The folder holds more than ${MAX_FILES.toLocaleString('en')} files.`)
}

/** A link is followed where it stays inside; whatever else lies on this machine is nobody's data set. */
async function follow(
  gathering: Gathering,
  location: string,
  name: string,
  above: readonly string[],
): Promise<void> {
  const { names, top } = gathering
  const target = await realpath(location).catch(() => undefined)
  if (target === undefined) return names.leaveOut(name, 'it is a symbolic link to nothing')
  if (target !== top && !target.startsWith(top + path.sep)) {
    if ((await stat(target)).isDirectory()) names.accept(`${name}/`)
    return names.leaveOut(
      name,
      'it is a symbolic link to outside of the folder; put the file itself in its place',
    )
  }
  if (above.includes(target)) return names.leaveOut(name, 'it is a symbolic link to a folder that it lies in')
  await take(gathering, target, name, await stat(target), above)
}
