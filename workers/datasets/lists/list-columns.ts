/** Which columns of a table name an image, its label and its split. */

const PATH_NAMES = [
  ...['path', 'file', 'filename', 'image', 'imageid', 'id', 'img', 'imagename', 'imagepath', 'imagefile'],
  ...['filepath', 'imgpath', 'imgname', 'imgid', 'picture', 'photo', 'fname', 'imageindex', 'name'],
]
const LABEL_NAMES = [
  ...['label', 'class', 'category', 'labels', 'classname', 'labelname', 'categoryname', 'target', 'classid'],
  ...['labelid', 'categoryid', 'classlabel', 'imagelabel', 'diagnosis', 'species', 'breed', 'dx', 'y'],
]
const SPLIT_NAMES = ['split', 'subset', 'set', 'partition']
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
  split: number
  /** Columns of 0 and 1, one for each class. */
  oneHot: { name: string; column: number }[]
}

/**
 * @param sample  some rows
 * @param isImage  whether a text names an image that is there
 * @returns why it is none, where it is none
 */
export function findColumns(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  isImage: (text: string) => boolean,
): ListColumns | { problem: string } {
  const names = header.map((name) => name.toLowerCase().replaceAll(/[^\p{L}\d]/gu, ''))
  const find = (wanted: readonly string[]) =>
    names.indexOf(wanted.find((name) => names.includes(name)) ?? '\0')
  const path = findPath(find(PATH_NAMES), names, sample, isImage)
  const split = find(SPLIT_NAMES)
  // A list without a header begins with an image, which would be lost.
  if (path < 0 || beginsWithImage(header[path] ?? '', isImage)) return { problem: namesNone(header) }
  if (BOX_NAMES.some((name) => names.includes(name)))
    return { problem: 'it lists boxes on images, which are for detection, and not one label for each image' }
  const label = find(LABEL_NAMES)
  if (label >= 0 && label !== path) return { path, label, split, oneHot: [] }
  const others = header.map((_, column) => column).filter((column) => column !== path && column !== split)
  const named = others.filter((column) => names[column] !== '')
  const oneHot = findOneHot(header, named, sample)
  if (oneHot.length > 1) return { path, label: -1, split, oneHot }
  const [only, second] = named
  if (only !== undefined && second === undefined && repeats(sample, only))
    return { path, label: only, split, oneHot: [] }
  return { problem: namesNone(header) }
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
  const isBinary = (column: number) => sample.every((row) => /^[01](\.0*)?$/.test(row[column]?.trim() ?? ''))
  if (sample.length === 0 || !columns.every(isBinary)) return []
  return columns.map((column) => ({ name: header[column]?.trim() ?? '', column }))
}

/** Captions differ in every row; labels do not. */
function repeats(sample: readonly (readonly string[])[], column: number): boolean {
  const values = new Set(sample.map((row) => row[column]?.trim() ?? ''))
  return sample.length < 4 || values.size <= sample.length / 2
}

/** The label of a row; '' where it has none, or several. */
export function labelOf(row: readonly string[], { label, oneHot }: ListColumns): string {
  if (label >= 0) return row[label]?.trim() ?? ''
  const set = oneHot.filter(({ column }) => Number(row[column]) === 1)
  return set.length === 1 ? (set[0]?.name ?? '') : ''
}
