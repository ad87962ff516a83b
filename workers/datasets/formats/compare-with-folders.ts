import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import { pathsOf } from './arrangement.ts'
import { treeOf } from './folders/folder-tree.ts'
import { areNumberedParts } from './folders/split-names.ts'
import { understandFolders } from './folders/understand-folders.ts'

/** The class of each image by its folder; empty where folders say no classes. */
export function classesByFolder(files: DatasetFiles): Map<string, string> {
  const pictures = pathsOf(files).filter((path) => pictureKind(path) === 'READABLE')
  if (pictures.length === 0) return new Map()
  try {
    const { splits } = understandFolders(treeOf(pictures))
    const classed = Object.values(splits).flat()
    const classes = new Set(classed.map(({ className }) => className))
    return new Map(classes.size < 2 ? [] : classed.map(({ path, className }) => [path, className]))
  } catch (error) {
    if (!(error instanceof InvalidDatasetError)) throw error
    return new Map()
  }
}

/** Where folders say other classes than the list does, that is told. */
export function compareWithFolders(
  files: DatasetFiles,
  labels: ReadonlyMap<string, string>,
  lists: string,
): Doubt[] {
  const byFolder = classesByFolder(files)
  if (areNumberedParts([...new Set(byFolder.values())])) return []
  const labelOf = new Map<string, string>()
  for (const [path, label] of labels) {
    const folder = byFolder.get(path)
    if (folder === undefined) continue
    const known = labelOf.get(folder) ?? label
    labelOf.set(folder, known)
    if (known === label) continue
    return [
      {
        kind: 'SEVERAL_CANDIDATES',
        message: `The labels of ${lists} are not those of the folders: images in “${folder}” are labelled “${known}” and “${label}”. The list was taken.`,
        remedy: 'If the folders are the classes, take the list out.',
      },
    ]
  }
  return []
}
