/** Folders that only number their classes, and a text that names these, one a line. */
import type { DatasetFiles } from '../../archives/dataset-files.ts'
import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import { UnreadableFileError } from '../../archives/unreadable-file-error.ts'
import { linesOf } from '../../lists/json-rows.ts'
import { openText } from '../../lists/open-text.ts'

export const CLASS_NAMES = /(^|\/)(classnames|class_names|classes|labels)\.txt$/i
const MAX_NAMES_BYTES = 1024 * 1024
const MAX_NAME_CHARACTERS = 200

/**
 * The classes by the names that a text gives to the numbers 0 to n-1, or 1 to n: where it has a name for each, and they
 * are all different. Else they keep their numbers.
 */
export async function nameNumberedClasses(
  files: DatasetFiles,
  classes: readonly string[],
): Promise<{ classes: string[]; notes: string[]; read: string | undefined }> {
  const asTheyAre = { classes: [...classes], notes: [], read: undefined }
  const first = firstNumber(classes)
  const file = files.list.find(
    ({ path, byteLength }) => CLASS_NAMES.test(path) && byteLength <= MAX_NAMES_BYTES,
  )
  if (first === undefined || !file) return asTheyAre
  const names = await readNames(files, file)
  if (!names || !areNames(names, classes.length)) return asTheyAre
  const named = classes.map((number) => names[Number(number) - first] ?? number)
  const [number = '', name = ''] = [classes[0], named[0]]
  return {
    classes: named,
    notes: [
      `The folders number the classes; they are named as “${file.path}” has them: ${number} is “${name}”.`,
    ],
    read: file.path,
  }
}

/** 0 or 1, where the names are the numbers from there on, each once. */
function firstNumber(classes: readonly string[]): number | undefined {
  if (!classes.every((name) => /^\d{1,5}$/.test(name))) return undefined
  const numbers = new Set(classes.map(Number))
  const first = Math.min(...numbers)
  const isWhole = numbers.size === classes.length && Math.max(...numbers) === first + classes.length - 1
  return isWhole && first < 2 ? first : undefined
}

/** Undefined where the text cannot be read. */
async function readNames(
  files: DatasetFiles,
  file: DatasetFiles['list'][number],
): Promise<string[] | undefined> {
  const names: string[] = []
  try {
    for await (const line of linesOf((await openText(files, file)).text, file.path))
      if (line.trim() !== '') names.push(line.trim())
  } catch (error) {
    if (!(error instanceof InvalidDatasetError || error instanceof UnreadableFileError)) throw error
    return undefined
  }
  return names
}

function areNames(names: readonly string[], count: number): boolean {
  const isName = (name: string) => !/^\d/.test(name) && name.length <= MAX_NAME_CHARACTERS
  return names.length === count && new Set(names).size === count && names.every(isName)
}
