/** JSON lines as rows: the keys of the first object are the header. */
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { MAX_LINE_BYTES } from './csv-rows.ts'

/** @throws InvalidDatasetError that names file and line where one is no JSON object */
export async function* readJsonRows(text: AsyncIterable<string>, path: string): AsyncGenerator<string[]> {
  let keys: string[] | undefined
  let number = 0
  for await (const line of linesOf(text, path)) {
    number++
    if (line.trim() === '') continue
    const row = parseLine(line, number, path)
    if (!keys) {
      keys = [...row.keys()]
      yield keys
    }
    yield keys.map((key) => row.get(key) ?? '')
  }
}

function parseLine(line: string, number: number, path: string): Map<string, string> {
  try {
    const row: unknown = JSON.parse(line)
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('it is no object')
    return new Map(Object.entries(row).map(([key, value]) => [key, asText(value)]))
  } catch (error) {
    throw new InvalidDatasetError(
      `Line ${number} of “${path}” is no JSON object with “path” and “label”: ${JSON.stringify(line.slice(0, 60))}`,
      { cause: error },
    )
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

export async function* linesOf(text: AsyncIterable<string>, path: string): AsyncGenerator<string> {
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
