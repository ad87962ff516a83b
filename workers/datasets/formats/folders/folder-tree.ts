/** The folders that hold images, as a tree. */
export interface Folder {
  name: string
  /** With a slash at its end; '' of the root. */
  path: string
  folders: Folder[]
  /** Those that lie in it directly. */
  pictures: string[]
  /** Those that lie in it and below. */
  count: number
}

/** @param paths  sorted, so that folders and images are too */
export function treeOf(paths: readonly string[]): Folder {
  const root = emptyFolder('', '')
  const known = new Map<string, Folder>([['', root]])
  for (const path of paths) folderAt(path.slice(0, path.lastIndexOf('/') + 1), known).pictures.push(path)
  countBelow(root)
  return root
}

function emptyFolder(name: string, path: string): Folder {
  return { name, path, folders: [], pictures: [], count: 0 }
}

function folderAt(path: string, known: Map<string, Folder>): Folder {
  const found = known.get(path)
  if (found) return found
  const above = folderAt(path.slice(0, path.lastIndexOf('/', path.length - 2) + 1), known)
  const folder = emptyFolder(path.slice(above.path.length, -1), path)
  above.folders.push(folder)
  known.set(path, folder)
  return folder
}

function countBelow(folder: Folder): number {
  folder.count = folder.pictures.length
  for (const below of folder.folders) folder.count += countBelow(below)
  return folder.count
}

export function picturesBelow(folder: Folder): string[] {
  return [...folder.pictures, ...folder.folders.flatMap(picturesBelow)]
}
