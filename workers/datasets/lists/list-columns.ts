/** Which columns of a table name an image, its label and its split. */
import type { Doubt } from '../../../contract/dataset-doubts.ts'
import { chooseLabel } from './choose-label.ts'
import { doubtFoldColumn, findSplitColumn, type SplitColumn } from './split-column.ts'

const PATH_NAMES = [
  ...['path', 'file', 'filename', 'image', 'imageid', 'id', 'img', 'imagename', 'imagepath', 'imagefile'],
  ...['filepath', 'imgpath', 'imgname', 'imgid', 'picture', 'photo', 'fname', 'imageindex', 'name'],
]
const LABEL_NAMES = [
  ...['label', 'class', 'category', 'labels', 'classname', 'labelname', 'categoryname', 'target', 'classid'],
  ...['labelid', 'categoryid', 'classlabel', 'imagelabel', 'diagnosis', 'species', 'breed', 'dx', 'y'],
]
/** Corners of boxes: a list of objects on images, not of images. */
const BOX_NAMES = ['xmin', 'bbox', 'boundingbox', 'bboxx', 'xmax']
const FILE_NAME = /\.(jpe?g|jfif|jpe|png|webp|gif|bmp|tiff?|ppm|avif|heic)$/i

/** What must be there to be read, for a person. */
export const READABLE_COLUMNS =
  'A list that is read has a column of files (path, file_name, image_id …) and one of labels (label, class …) or one of 0 and 1 for each class; a column split is read, too'

export interface ListColumns {
  path: number
  /** -1 where each class has a column of its own. */
  label: number
  split: SplitColumn | undefined
  /** Columns of 0 and 1, one for each class. */
  oneHot: { name: string; column: number }[]
  doubts: Doubt[]
}

/**
 * @param sample  some rows
 * @param isImage  whether a text names an image that is there
 * @param isSplit  whether a text is the name of a split
 * @returns why it is none, where it is none
 */
export function findColumns(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  isImage: (text: string) => boolean,
  isSplit: (text: string) => boolean,
): ListColumns | { problem: string } {
  const names = header.map((name) => name.toLowerCase().replaceAll(/[^\p{L}\d]/gu, ''))
  const find = (wanted: readonly string[]) =>
    names.indexOf(wanted.find((name) => names.includes(name)) ?? '\0')
  const path = findPath(find(PATH_NAMES), names, sample, isImage)
  // A list without a header begins with an image, which would be lost.
  if (path < 0 || beginsWithImage(header[path] ?? '', isImage)) return { problem: namesNone(header) }
  if (BOX_NAMES.some((name) => names.includes(name)))
    return { problem: 'it lists boxes on images, which are for detection, and not one label for each image' }
  const labels = labelColumns(names).filter((column) => column !== path)
  const split = findSplitColumn(names, sample, [path, ...labels], isSplit)
  const folds = split ? [] : doubtFoldColumn(header, names, sample)
  const found = { path, split, oneHot: [], doubts: folds }
  if (labels[0] !== undefined) {
    const { label, doubts } = chooseLabel(labels[0], labels, header, sample)
    return { ...found, label, doubts: [...doubts, ...folds] }
  }
  const others = header.map((_, column) => column).filter((at) => at !== path && at !== split?.column)
  const named = others.filter((column) => names[column] !== '')
  const oneHot = findOneHot(header, named, sample)
  if (oneHot.length > 1) return { ...found, label: -1, oneHot }
  const [only, second] = named
  if (only !== undefined && second === undefined && repeats(sample, only)) return { ...found, label: only }
  return { problem: holdsPixels(names) ?? namesNone(header) }
}

/** Those that may be the labels, the likeliest first; a `y` beside others is a coordinate. */
function labelColumns(names: readonly string[]): number[] {
  const found = LABEL_NAMES.filter((name) => names.includes(name))
  return found.filter((name) => name !== 'y' || found.length === 1).map((name) => names.indexOf(name))
}

/** `label, pixel0, pixel1, …`: the images themselves, as numbers. */
function holdsPixels(names: readonly string[]): string | undefined {
  const pixels = names.filter((name) => /^(pixel|px|p)?\d+(x\d+)?$/.test(name)).length
  if (pixels < 64 || pixels < names.length - 4) return undefined
  return `it has the pixels of images in ${pixels.toLocaleString('en')} columns, which are not read: save them as image files, in a folder for each class`
}

function beginsWithImage(text: string, isImage: (text: string) => boolean): boolean {
  return FILE_NAME.test(text.trim()) && isImage(text)
}

function namesNone(header: readonly string[]): string {
  const shown = header.slice(0, 8).map((name) => name.trim().slice(0, 40))
  return `its first line names no columns “path” and “label”, but ${shown.map((name) => `“${name}”`).join(', ')}`
}

/** By its name, or by what is in it. */
function findPath(
  named: number,
  names: readonly string[],
  sample: readonly (readonly string[])[],
  isImage: (text: string) => boolean,
): number {
  const holdsFiles = (column: number) =>
    sample.length > 0 && sample.every((row) => FILE_NAME.test(row[column]?.trim() ?? ''))
  if (named >= 0 && (holdsFiles(named) || !names.some((_, column) => holdsFiles(column)))) return named
  const found = names.findIndex((_, column) => holdsFiles(column))
  if (found >= 0 || named >= 0) return found < 0 ? named : found
  const holdsImages = (column: number) => {
    const texts = new Set(sample.map((row) => row[column]?.trim() ?? ''))
    return texts.size > 1 && texts.size === sample.length && [...texts].every(isImage)
  }
  return names.findIndex((_, column) => holdsImages(column))
}

function findOneHot(
  header: readonly string[],
  columns: readonly number[],
  sample: readonly (readonly string[])[],
): ListColumns['oneHot'] {
  const isBinary = (column: number) =>
    sample.every((row) => /^([01](\.0*)?|true|false)$/i.test(row[column]?.trim() ?? ''))
  if (sample.length === 0 || !columns.every(isBinary)) return []
  return columns.map((column) => ({ name: header[column]?.trim() ?? '', column }))
}

/** Captions differ in every row; labels do not. */
function repeats(sample: readonly (readonly string[])[], column: number): boolean {
  const values = new Set(sample.map((row) => row[column]?.trim() ?? ''))
  return sample.length < 4 || values.size <= sample.length / 2
}

const IS_SET = /^(1(\.0*)?|true)$/i

/** The label of a row; '' where it has none, or several. */
export function labelOf(row: readonly string[], { label, oneHot }: ListColumns): string {
  if (label >= 0) return row[label]?.trim() ?? ''
  const set = oneHot.filter(({ column }) => IS_SET.test(row[column]?.trim() ?? ''))
  return set.length === 1 ? (set[0]?.name ?? '') : ''
}

/** Whether several of the columns of classes are set. */
export function hasSeveralLabels(row: readonly string[], { oneHot }: ListColumns): boolean {
  return oneHot.filter(({ column }) => IS_SET.test(row[column]?.trim() ?? '')).length > 1
}
