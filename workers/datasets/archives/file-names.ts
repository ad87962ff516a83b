import type { DatasetFile, FileLeftOut, FileList } from './file-source.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'

const MAX_PATH_CHARACTERS = 1024
export const MAX_FILES = 200_000

/** Control characters, and those that turn the direction of what follows, so that a name shows as another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const DECEPTIVES = new RegExp(DECEPTIVE.source, 'g')

/** Left by file managers and storage boxes; no part of any dataset. A Mac's folder icon ends in a carriage return. */
const LITTER =
  /(^|\/)((__MACOSX|@eaDir|#recycle|\$RECYCLE\.BIN|System Volume Information|lost\+found)(\/|$)|\.DS_Store$|\._[^/]*$|Thumbs\.db$|ehthumbs\.db$|desktop\.ini$|Icon(\r|\uf00d)$)/i

export function isLitter(path: string): boolean {
  return LITTER.test(path)
}

/** What a name that begins with a dot hides: notebooks' checkpoints, version control, caches. */
const HIDDEN = /(^|\/)\.[^/]/

export function isHidden(path: string): boolean {
  return HIDDEN.test(path)
}

/** Why this one file cannot be taken by its name, though nothing is wrong with the others; undefined where it can. */
export function reasonAgainstName(path: string): string | undefined {
  if (path.length > MAX_PATH_CHARACTERS)
    return `its name is ${path.length} characters long; at most ${MAX_PATH_CHARACTERS} are allowed`
  if (DECEPTIVE.test(path))
    return 'its name holds control characters or marks that turn the writing direction; rename it'
  return undefined
}

/** A name that may hold anything, for a report. */
export function showName(path: string): string {
  const shown = path.length > 80 ? `${path.slice(0, 60)}…${path.slice(-19)}` : path
  return DECEPTIVE.test(shown) ? JSON.stringify(shown).slice(1, -1).replace(DECEPTIVES, asEscape) : shown
}

function asEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/**
 * The path in composed form.
 * @throws InvalidDatasetError where it leads outside the dataset
 */
export function checkPath(path: string): string {
  const shown = JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path)
  if (path.includes('\\'))
    throw new InvalidDatasetError(`The name ${shown} holds a backslash; pack again with forward slashes.`)
  if (path.startsWith('/') || /^[a-zA-Z]:/.test(path))
    throw new InvalidDatasetError(`The name ${shown} is absolute; names must be relative to the dataset.`)
  const parts = path.split('/')
  if (parts.includes('..'))
    throw new InvalidDatasetError(`The name ${shown} leads outside the dataset (“..”).`)
  return parts
    .filter((part, index) => part !== '.' && (part !== '' || index === parts.length - 1))
    .join('/')
    .normalize('NFC')
}

/** Sorts by path in place, by code units: the same on every machine. */
export function sortByPath<File extends DatasetFile>(files: File[]): File[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** @throws InvalidDatasetError where two of the sorted files have the same path */
export function refuseDuplicatePaths(sorted: readonly DatasetFile[]): void {
  let before: string | undefined
  for (const { path } of sorted) {
    if (path === before) throw new InvalidDatasetError(`Two files have the same name, “${path}”.`)
    before = path
  }
}

/** Gathers the names in a dataset as they are found: which are files of it, which folders, and which are passed over. */
export class NameGatherer<File extends DatasetFile> {
  readonly #files: File[] = []
  readonly #folders = new Set<string>()
  readonly #leftOut: FileLeftOut[] = []

  /**
   * Where the file is to be known by its path; undefined where it is a folder, litter, or left out.
   * @throws InvalidDatasetError where the name leads outside the dataset
   */
  accept(name: string): string | undefined {
    if (isLitter(name)) return undefined
    const reason = reasonAgainstName(name)
    if (reason !== undefined) {
      this.leaveOut(name, reason)
      return undefined
    }
    const path = checkPath(name)
    if (isLitter(path)) return undefined
    if (!path.endsWith('/')) return path
    this.#folders.add(path.slice(0, -1))
    return undefined
  }

  add(file: File): void {
    this.#files.push(file)
  }

  leaveOut(name: string, reason: string): void {
    this.#leftOut.push({ path: showName(name), reason })
  }

  get count(): number {
    return this.#files.length + this.#leftOut.length
  }

  /** @throws InvalidDatasetError where two files have the same path */
  finish(): FileList<File> {
    const list = sortByPath(this.#files)
    refuseDuplicatePaths(list)
    return { list, folders: [...this.#folders].sort(), leftOut: this.#leftOut }
  }
}
