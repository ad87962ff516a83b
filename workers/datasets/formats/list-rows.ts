/** Reads lists of images as they stream by: a line may be as long as the cap, the file as long as it likes. */
import { z } from 'zod'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { MAX_LINE_BYTES, readCsvRows } from '../lists/csv-rows.ts'

export interface ListedPicture {
  path: string
  label: string
  /** As written; undefined where the list has none. */
  split?: string | undefined
}

const PATH_NAMES = ['path', 'file', 'file_name', 'filename', 'image']
const LABEL_NAMES = ['label', 'class', 'category']
const SPLIT_NAMES = ['split', 'subset', 'set']

/** @throws InvalidDatasetError where it is no CSV with a header that names a path and a label */
export async function* readCsvList(text: AsyncIterable<string>, path: string): AsyncGenerator<ListedPicture> {
  let columns: ReturnType<typeof findColumns> | undefined
  for await (const row of readCsvRows(text, path)) {
    if (!columns) {
      columns = findColumns(row, path)
      continue
    }
    const [file = '', label = ''] = [row[columns.path], row[columns.label]]
    yield {
      path: file.trim(),
      label: label.trim(),
      split: columns.split < 0 ? undefined : row[columns.split]?.trim(),
    }
  }
}

function findColumns(header: readonly string[], path: string) {
  const names = header.map((name) => name.trim().toLowerCase())
  const find = (wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name))
  const columns = { path: find(PATH_NAMES), label: find(LABEL_NAMES), split: find(SPLIT_NAMES) }
  if (columns.path < 0 || columns.label < 0)
    throw new InvalidDatasetError(
      `The first line of “${path}” names no columns “path” and “label”; write path,label,split above the images.`,
    )
  return columns
}

const Label = z.union([z.string(), z.number().transform(String)])
const Row = z.object({ path: z.string(), label: Label, split: z.string().nullish() })

function pick(row: Record<string, unknown>, names: readonly string[]): unknown {
  const name = names.find((wanted) => Object.hasOwn(row, wanted))
  return name === undefined ? undefined : row[name]
}

/** @throws InvalidDatasetError where a line is no JSON object with a path and a label */
export async function* readJsonLines(
  text: AsyncIterable<string>,
  path: string,
): AsyncGenerator<ListedPicture> {
  let number = 0
  for await (const line of linesOf(text, path)) {
    number++
    if (line.trim() === '') continue
    yield parseLine(line, number, path)
  }
}

function parseLine(line: string, number: number, path: string): ListedPicture {
  try {
    const row = z.looseObject({}).parse(JSON.parse(line))
    const {
      path: file,
      label,
      split,
    } = Row.parse({
      path: pick(row, PATH_NAMES),
      label: pick(row, LABEL_NAMES),
      split: pick(row, SPLIT_NAMES),
    })
    return { path: file, label, split: split ?? undefined }
  } catch (error) {
    throw new InvalidDatasetError(
      `Line ${number} of “${path}” is no JSON object with “path” and “label”: ${JSON.stringify(line.slice(0, 60))}`,
      { cause: error },
    )
  }
}

async function* linesOf(text: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const part of text) {
    const lines = `${rest}${part}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > MAX_LINE_BYTES)
      throw new InvalidDatasetError(`“${path}” has a line of more than ${MAX_LINE_BYTES / 1024} KiB.`)
  }
  if (rest.length > 0) yield rest
}
