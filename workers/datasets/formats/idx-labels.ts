/** What IDX's numbers stand for: nothing, or what EMNIST's mapping says (Cohen et al. 2017). */
import type { DatasetFiles } from '../archives/dataset-files.ts'
import { numberNames } from './numbered-classes.ts'

const MAX_MAPPING_BYTES = 64 * 1024

export interface NamedLabels {
  classes: string[]
  /** The numbers that the files have, rising; they need not begin at 0, as EMNIST's letters do not. */
  numbers: number[]
  /** From such a number to its class. */
  labelOf: Record<number, number>
  notes: string[]
  /** Files that names came from. */
  read: string[]
}

/** @param prefix  what the names of the set's files begin with */
export async function nameLabels(
  files: DatasetFiles,
  prefix: string,
  labels: readonly ArrayLike<number>[],
): Promise<NamedLabels> {
  const found = new Uint8Array(256)
  for (const values of labels) for (let i = 0; i < values.length; i++) found[values[i] ?? 0] = 1
  const numbers = Array.from(found.keys()).filter((number) => found[number] === 1)
  const labelOf = Object.fromEntries(numbers.map((number, label) => [number, label]))
  const padded = numberNames((numbers.at(-1) ?? 0) + 1)
  const mapping = files.list.find(
    ({ path, byteLength }) => path === `${prefix}mapping.txt` && byteLength <= MAX_MAPPING_BYTES,
  )
  const names = mapping && namesOf((await files.read(mapping)).toString('latin1'), numbers)
  if (mapping && names) {
    const notes = [
      `Read as IDX: the classes are named as “${mapping.path}” has them. EMNIST’s images lie on their side, as they are distributed.`,
    ]
    return { classes: names, numbers, labelOf, notes, read: [mapping.path] }
  }
  const classes = numbers.map((number) => padded[number] ?? '')
  const gap = numbers[0] === 0 ? '' : ` They begin at ${numbers[0]}.`
  return {
    classes,
    numbers,
    labelOf,
    notes: [`Read as IDX: the classes have no names, only numbers.${gap}`],
    read: [],
  }
}

/** A number and the codes of its characters on each line; undefined where not every number has a name of its own. */
function namesOf(text: string, numbers: readonly number[]): string[] | undefined {
  const names = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [number, ...codes] = line.trim().split(/\s+/).map(Number)
    if (number === undefined || codes.length === 0 || codes.some((code) => !(code > 32 && code < 127)))
      continue
    names.set(number, String.fromCharCode(...codes))
  }
  const found = numbers.flatMap((number) => names.get(number) ?? [])
  return new Set(found).size === numbers.length ? found : undefined
}
