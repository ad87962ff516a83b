import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { linesOf } from '../lists/json-rows.ts'
import { openText } from '../lists/open-text.ts'
import { PictureIndex } from '../lists/picture-index.ts'
import { pathsOf } from './arrangement.ts'
import { type ClassedPath, countImages, type Understanding } from './folders/understanding.ts'
import { readLists } from './read-lists.ts'

/** Tiny-ImageNet's `val_annotations.txt` and its like: a name and a label on each line, and no header. */
const ANNOTATIONS = /annotation|label|truth|val|test/i
const TEXT_FILE = /\.txt$/i
const MAX_TEXT_BYTES = 64 * 1024 * 1024

/** Texts that are read for the images of the folder in which they lie, where it has no folders of classes. */
export function isAnnotations(path: string): boolean {
  return TEXT_FILE.test(path) && ANNOTATIONS.test(path.slice(path.lastIndexOf('/') + 1))
}

/**
 * Splits without folders of classes: where a list says the labels of their images, and they are classes that the
 * training images have, they are read by that; the others are named, and kept without labels.
 */
export async function labelFlatSplits(files: DatasetFiles, understanding: Understanding): Promise<void> {
  if (understanding.flat.length === 0) return
  const classes = new Set(understanding.splits.train.map(({ className }) => className))
  for (const { split, folder, pictures } of understanding.flat) {
    const labels = await labelsOf(files, folder)
    const classed = pictures.flatMap((path): ClassedPath[] => {
      const className = asClass(labels.get(path), classes)
      return className === undefined ? [] : [{ path, className }]
    })
    const isLabelled = split !== 'train' && classed.length > pictures.length / 2
    if (isLabelled) understanding.splits[split] = [...(understanding.splits[split] ?? []), ...classed]
    const known = new Set(isLabelled ? classed.map(({ path }) => path) : [])
    setAside(
      understanding,
      folder,
      pictures.filter((path) => !known.has(path)),
    )
    if (isLabelled)
      understanding.notes.push(`The labels of “${folder}” are as a list in the archive has them.`)
  }
}

/** A list may write 7 where the folder is called 00007. */
function asClass(label: string | undefined, classes: ReadonlySet<string>): string | undefined {
  if (label === undefined || classes.has(label)) return label
  if (!/^\d+$/.test(label)) return undefined
  return [...classes].find((name) => /^\d+$/.test(name) && Number(name) === Number(label))
}

async function labelsOf(files: DatasetFiles, folder: string): Promise<Map<string, string>> {
  const labels = new Map<string, string>()
  const { lists } = await readLists(files)
  for (const { path, isThere, label } of lists.flatMap(({ pictures }) => pictures))
    if (isThere && label !== '') labels.set(path, label)
  const texts = files.list.filter(
    ({ path, byteLength }) =>
      path.startsWith(`${folder}/`) && isAnnotations(path) && byteLength <= MAX_TEXT_BYTES,
  )
  if (texts.length === 0) return labels
  const index = new PictureIndex(pathsOf(files).filter((path) => path.startsWith(`${folder}/`)))
  for (const file of texts)
    for (const [path, label] of await readLines(files, file, index)) labels.set(path, label)
  return labels
}

/** A text that cannot be read labels nothing: its images are named as unlabelled. */
async function readLines(
  files: DatasetFiles,
  file: DatasetFile,
  index: PictureIndex,
): Promise<[string, string][]> {
  const found: [string, string][] = []
  try {
    for await (const line of linesOf((await openText(files, file)).text, file.path)) {
      const [name = '', label = ''] = line.trim().split(/[\t ,]+/)
      const path = index.find(name, file.path, () => true)
      if (path !== undefined && label !== '') found.push([path, label])
    }
  } catch (error) {
    if (!(error instanceof InvalidDatasetError || error instanceof UnreadableFileError)) throw error
  }
  return found
}

/** Images without labels are kept as such. */
function setAside(understanding: Understanding, folder: string, pictures: readonly string[]): void {
  if (pictures.length === 0) return
  understanding.doubts.push({
    kind: 'UNLABELLED_SET_ASIDE',
    message: `“${folder}” has ${countImages(pictures.length)} and no folders of classes: they have no labels, and are kept as unlabelled images, neither trained on nor tested with.`,
    remedy: `If they are labelled, put them into ${folder}/<class>/…, or add a list of their labels.`,
  })
  understanding.unlabelled.push(...pictures)
}
