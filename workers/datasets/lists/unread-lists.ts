/** Files that name images as lists do, in forms that are not read: whoever packed them may mean them. */
import { basename } from 'node:path/posix'
import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { READABLE_COLUMNS } from './list-columns.ts'
import { openText } from './open-text.ts'
import { PictureIndex } from './picture-index.ts'

const TEXT = /\.(txt|lst|json|ya?ml|xml|arff)$/i
/** Told by their names alone. */
const TABLES =
  /\.(mat|xlsx?|ods|parquet|feather|pkl|pickle|sqlite3?|db|(csv|tsv|txt|json|jsonl)\.(gz|zip|bz2|xz))$/i
const OF_LABELS = /label|setid|split|class|anno|meta|train|test/i
/** Sets for detection have a text for every image; lists are few. */
const MOST_LOOKED_AT = 20
const LOOKED_AT_CHARACTERS = 64 * 1024
const MOST_LINES = 200
const MOST_NAMED = 3
/** Between what may be the path of an image in a line. */
const BETWEEN = /[\s,;:|"'()<>[\]{}]/
const ENDING = /\.[A-Za-z]{3,4}$/

/**
 * Their paths, at most as many as are looked at.
 * @param paths  of the files that count
 * @param isRead  whether a text is read after all
 */
export async function findUnreadLists(
  files: DatasetFiles,
  paths: readonly string[],
  isRead: (path: string) => boolean,
): Promise<string[]> {
  const texts = files.list.filter(({ path }) => TEXT.test(path) && !isRead(path)).slice(0, MOST_LOOKED_AT)
  const tables = files.list.filter(({ path }) => TABLES.test(path) && OF_LABELS.test(basename(path)))
  const found = tables.slice(0, MOST_LOOKED_AT).map(({ path }) => path)
  if (texts.length === 0) return found
  const index = new PictureIndex(paths.filter((path) => !TEXT.test(path)))
  for (const file of texts) if (await namesImages(files, file, index)) found.push(file.path)
  return found.sort()
}

export function doubtUnreadLists(paths: readonly string[]): Doubt[] {
  if (paths.length === 0) return []
  return [
    {
      kind: 'LABELS_NOT_READ',
      message: wordsOf(paths),
      remedy: `If they say which image is of which class or split, write that as CSV. ${READABLE_COLUMNS}.`,
    },
  ]
}

export function wordsOf(paths: readonly string[]): string {
  const shown = paths.slice(0, MOST_NAMED).map((path) => `“${path}”`)
  const more = paths.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''} may be ${paths.length === 1 ? 'a list of images and was' : 'lists of images and were'} not read: lists are CSV, TSV or JSON lines.`
}

/** Whether half of its lines name an image, two different ones at least; of JSON and its like, whether it names two. */
async function namesImages(files: DatasetFiles, file: DatasetFile, index: PictureIndex): Promise<boolean> {
  const lines = (await readStart(files, file)).split(/\r?\n/).filter((line) => line.trim() !== '')
  const isNested = /\.(json|ya?ml|xml)$/i.test(file.path)
  const named = new Set<string>()
  let naming = 0
  for (const line of lines.slice(0, MOST_LINES)) {
    const own = namesIn(line).flatMap((name) => index.find(name, file.path, () => false) ?? [])
    if (own.length > 0) naming++
    for (const path of own.slice(0, MOST_LINES)) named.add(path)
  }
  return named.size > 1 && (isNested || naming >= Math.min(lines.length, MOST_LINES) / 2)
}

/** What may be the path of an image, with its ending or with its folder. */
function namesIn(line: string): string[] {
  return line.split(BETWEEN).filter((name) => ENDING.test(name) || name.includes('/'))
}

async function readStart(files: DatasetFiles, file: DatasetFile): Promise<string> {
  let start = ''
  for await (const part of (await openText(files, file)).text) {
    start += part
    if (start.length >= LOOKED_AT_CHARACTERS) break
  }
  return start.slice(0, LOOKED_AT_CHARACTERS)
}
