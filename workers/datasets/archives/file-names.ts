import type { DatasetFile } from './file-source.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'

const MAX_PATH_CHARACTERS = 1024
export const MAX_FILES = 200_000

/** Control characters, and those that turn the direction of what follows, so that a name shows as another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** Left by file managers; no part of any dataset. */
const LITTER = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/

export function isLitter(path: string): boolean {
  return LITTER.test(path)
}

/**
 * The path in composed form.
 * @throws InvalidDatasetError where it leads outside the dataset or deceives
 */
export function checkPath(path: string): string {
  const shown = JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path)
  if (path.length > MAX_PATH_CHARACTERS)
    throw new InvalidDatasetError(
      `The name ${shown} is ${path.length} characters long; at most ${MAX_PATH_CHARACTERS} are allowed.`,
    )
  if (DECEPTIVE.test(path))
    throw new InvalidDatasetError(
      `The name ${shown} holds control characters or marks that turn the writing direction; rename it.`,
    )
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
