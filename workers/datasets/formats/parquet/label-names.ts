/** What the labels of Parquet files are called: a file has names of its own for its numbers, or none. */
import { z } from 'zod'
import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import { nameNumbers } from '../place-splits.ts'

/** Where rows come from. */
export interface LabelledTable {
  path: string
  /** Of the numbers from 0; undefined where the file has none. */
  names: readonly string[] | undefined
}

export interface LabelledRow {
  path: string
  label: number | string
  table: LabelledTable
}

export interface NamedLabels {
  nameOf(row: LabelledRow): string
  /** Where all files have their numbers from the same list. */
  order: readonly string[] | undefined
  notes: string[]
}

const Features = z.object({
  info: z.object({
    features: z.record(z.string(), z.object({ names: z.array(z.string()).optional() }).catch({})),
  }),
})

/** The names of the classes, by column, where Hugging Face's datasets wrote them. */
export function namesIn(metadata: ReadonlyMap<string, string>): Map<string, string[]> {
  const names = new Map<string, string[]>()
  try {
    const { info } = Features.parse(JSON.parse(metadata.get('huggingface') ?? 'null'))
    for (const [column, feature] of Object.entries(info.features))
      if (feature.names && isOneForEach(feature.names)) names.set(column, feature.names)
  } catch {
    // Written by something else: labels are then as they are.
  }
  return names
}

function isOneForEach(names: readonly string[]): boolean {
  return new Set(names).size === names.length && names.every((name) => name.trim() !== '')
}

/** @throws InvalidDatasetError where a label has no name though others have, or could have several */
export function nameLabels(rows: readonly LabelledRow[]): NamedLabels {
  const numbered = rows.filter(({ label }) => typeof label === 'number')
  const tables = [...new Set(numbered.map(({ table }) => table))]
  const lists = new Map(tables.flatMap(({ names }) => (names ? [[JSON.stringify(names), names]] : [])))
  const nameless = tables.find(({ names }) => !names)
  const [common] = lists.size === 1 ? lists.values() : []
  if (nameless && !common && (lists.size > 1 || numbered.length < rows.length)) throw ambiguous(nameless)
  const numberName = nameNumbers(numbered.map(({ label }) => Number(label)))
  return {
    nameOf({ path, label, table }) {
      const names = table.names ?? common
      if (typeof label === 'string') return label
      return names ? nameIn(names, label, path) : numberName(label)
    },
    order: numbered.length === rows.length ? common : undefined,
    notes: [
      ...(lists.size > 1
        ? ['The Parquet files number their classes differently: each was read by its own names.']
        : []),
      ...(nameless && common
        ? [
            `“${nameless.path}” names no classes: its labels were read by the names in the other Parquet files.`,
          ]
        : []),
    ],
  }
}

function nameIn(names: readonly string[], label: number, path: string): string {
  const name = names[label]
  if (name === undefined)
    throw new InvalidDatasetError(
      `“${path}” has the label ${label}, but names are there for ${names.length} classes, numbered from 0: write the file again with the names of all classes.`,
    )
  return name
}

function ambiguous({ path }: LabelledTable): InvalidDatasetError {
  return new InvalidDatasetError(
    `“${path}” numbers its classes without naming them, and the other Parquet files name theirs in ways that do not tell which is which: write the names into it, too.`,
  )
}
