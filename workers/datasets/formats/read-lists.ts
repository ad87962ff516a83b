/** Finds the lists of labels among the files by what is in them, and reads those that name images that are there. */

import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { findColumns, hasSeveralLabels, type ListColumns, labelOf } from '../lists/list-columns.ts'
import { doubtSeveralLabels, unifyNumbers } from '../lists/mend-labels.ts'
import { PictureIndex } from '../lists/picture-index.ts'
import { isJsonLines, isTable, openTable } from '../lists/read-table.ts'
import { splitOf } from '../lists/split-column.ts'
import { pathsOf } from './arrangement.ts'
import { type SplitRole, splitNamedIn } from './folders/split-names.ts'

/** Names that say of a list that it is the one. */
const USUAL_NAME = /(^|\/)(manifest|metadata|labels|dataset|annotations|index)\.(csv|jsonl)$/i
/** What Kaggle's competitors hand in looks like labels, and is none. */
const NO_LABELS = /submission/i
const MAX_LISTED = 1_000_000
const MOST_LISTS = 200
const SAMPLE_ROWS = 200

/** A row of a list: where its image is, if it is there. */
export interface ListedPicture {
  /** As found among the files; else as it was written. */
  path: string
  isThere: boolean
  label: string
  /** Undefined where the list says none. */
  split?: string | undefined
}

export interface LabelList {
  path: string
  /** What its name, or its folder's, says of the split of all that it lists. */
  role: SplitRole | undefined
  isUsual: boolean
  pictures: ListedPicture[]
  notes: string[]
  doubts: Doubt[]
}

export interface ListProblem {
  path: string
  isUsual: boolean
  /** Worded to follow “was not read:”, without a full stop. */
  reason: string
  /** What is to be thrown where nothing else can be read. */
  error: InvalidDatasetError | UnreadableFileError
}

export interface Lists {
  lists: LabelList[]
  problems: ListProblem[]
}

const known = new WeakMap<DatasetFiles, Promise<Lists>>()

/** Read once, however often it is asked for. */
export function readLists(files: DatasetFiles): Promise<Lists> {
  const found = known.get(files) ?? readAll(files)
  known.set(files, found)
  return found
}

async function readAll(files: DatasetFiles): Promise<Lists> {
  const tables = files.list.filter(({ path }) => isTable(path) && !NO_LABELS.test(path))
  const found: Lists = { lists: [], problems: [] }
  if (tables.length === 0) return found
  const index = new PictureIndex(pathsOf(files).filter((path) => !isTable(path)))
  for (const file of tables.slice(0, MOST_LISTS)) {
    const read = await readList(files, file, index)
    if ('error' in read) found.problems.push(read)
    else found.lists.push(read)
  }
  return found
}

async function readList(
  files: DatasetFiles,
  file: DatasetFile,
  index: PictureIndex,
): Promise<LabelList | ListProblem> {
  const { path } = file
  const isUsual = USUAL_NAME.test(path)
  try {
    const { rows, notes } = await openTable(files, file)
    const role = roleOf(path)
    const { pictures, doubts } = await readRows(rows, path, index, role)
    const first = pictures.find(({ isThere }) => !isThere)?.path.slice(0, 200)
    if (!pictures.some(({ isThere }) => isThere))
      throw new InvalidDatasetError(
        `“${path}” names no image that is there.${first ? ` The first: ${first}: it is listed, but not there.` : ''}`,
      )
    return { path, role, isUsual, pictures, notes: [...notes, ...unifyNumbers(pictures, path)], doubts }
  } catch (error) {
    if (!(error instanceof InvalidDatasetError || error instanceof UnreadableFileError)) throw error
    const reason = error.message.replace(`“${path}” names`, 'it names').replace(/\.$/, '')
    return { path, isUsual, error, reason }
  }
}

async function readRows(
  rows: AsyncIterable<string[]>,
  path: string,
  index: PictureIndex,
  role: SplitRole | undefined,
): Promise<Pick<LabelList, 'pictures' | 'doubts'>> {
  let header: string[] | undefined
  let columns: ListColumns | undefined
  let sample: string[][] = []
  const pictures: ListedPicture[] = []
  const several: string[] = []
  const prefers = (picture: string) => role !== undefined && roleOf(picture) === role
  const isImage = (text: string) => index.find(text, path, prefers) !== undefined
  const add = (row: readonly string[], found: ListColumns) => {
    if (pictures.length >= MAX_LISTED)
      throw new InvalidDatasetError(`“${path}” lists more than ${MAX_LISTED.toLocaleString('en')} images.`)
    const written = row[found.path]?.trim() ?? ''
    const there = index.find(written, path, prefers)
    if (there !== undefined && hasSeveralLabels(row, found)) several.push(there)
    pictures.push({
      path: there ?? written,
      isThere: there !== undefined,
      label: labelOf(row, found),
      split: found.split && splitOf(row, found.split),
    })
  }
  for await (const row of rows) {
    if (!header) header = row
    else if (columns) add(row, columns)
    else if (sample.push(row) >= SAMPLE_ROWS) {
      columns = columnsOf(header, sample, path, isImage)
      for (const sampled of sample) add(sampled, columns)
      sample = []
    }
  }
  if (!columns) {
    columns = columnsOf(header ?? [], sample, path, isImage)
    for (const sampled of sample) add(sampled, columns)
  }
  return { pictures, doubts: [...columns.doubts, ...doubtSeveralLabels(several, path)] }
}

function columnsOf(
  header: readonly string[],
  sample: readonly string[][],
  path: string,
  isImage: (text: string) => boolean,
): ListColumns {
  const columns = findColumns(header, sample, isImage, (text) => splitNamedIn(text)?.rest === '')
  if (!('problem' in columns)) return columns
  const words = columns.problem.startsWith('its first line')
    ? isJsonLines(path)
      ? `Line 1 of “${path}” is no JSON object with “path” and “label”.`
      : `The first line of “${path}” names no columns “path” and “label”; write path,label,split above the images.`
    : `“${path}” is no list of labels: ${columns.problem}.`
  throw new InvalidDatasetError(words, { cause: new Error(columns.problem) })
}

/** Of a list by its own name, else by the nearest folder that says one. */
export function roleOf(path: string): SplitRole | undefined {
  const [name = '', ...folders] = path.split('/').reverse()
  const own = isTable(path) ? splitNamedIn(name.replace(/\.\w+$/, ''))?.role : undefined
  if (own) return own
  const named = folders.map(splitNamedIn).find((split) => split?.rest === '')
  return named?.role
}
