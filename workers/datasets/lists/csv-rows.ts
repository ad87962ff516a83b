/** CSV as programs write it: separated by commas, semicolons, tabs or bars, Excel's `sep=` line included. */
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'

export const MAX_LINE_BYTES = 64 * 1024
const SEPARATORS = [',', ';', '\t', '|'] as const

/**
 * The rows of a CSV file, its header the first of them, as they stream by.
 * @throws InvalidDatasetError that names file and line where it is no CSV
 */
export async function* readCsvRows(text: AsyncIterable<string>, path: string): AsyncGenerator<string[]> {
  const parts = text[Symbol.asyncIterator]()
  const { start, header } = await readHeader(parts)
  const told = /^"?sep=(.)"?\r?$/i.exec(header)?.[1]
  const parser = parse({
    delimiter: told ?? likeliestSeparator(header),
    from_line: told === undefined ? 1 : 2,
    max_record_size: MAX_LINE_BYTES,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const source = Readable.from(follow(start, parts))
  source.on('error', (error) => parser.destroy(error))
  try {
    yield* source.pipe(parser) as AsyncIterable<string[]>
  } catch (error) {
    throw error instanceof CsvError ? inWords(error, path) : error
  } finally {
    source.destroy()
  }
}

/** What the text begins with, up to its first line's end at least. */
async function readHeader(parts: AsyncIterator<string>): Promise<{ start: string; header: string }> {
  let start = ''
  while (!start.includes('\n') && start.length < MAX_LINE_BYTES) {
    const next = await parts.next()
    if (next.done) break
    start += next.value
  }
  const end = start.search(/[\r\n]/)
  return { start, header: end < 0 ? start : start.slice(0, end) }
}

async function* follow(start: string, parts: AsyncIterator<string>): AsyncGenerator<string> {
  yield start
  for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value
}

/** The one that the header has most of, outside of quotes. */
function likeliestSeparator(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => bare.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}

function inWords(error: CsvError, path: string): InvalidDatasetError {
  const { lines, line } = error as { lines?: number; line?: number }
  const where = `“${path}”, line ${lines ?? line ?? 1}`
  return new InvalidDatasetError(`${where}: ${whatIsWrong(error)}`, { cause: error })
}

function whatIsWrong({ code }: CsvError): string {
  switch (code) {
    case 'INVALID_OPENING_QUOTE':
      return 'there is a quotation mark inside a field that does not begin with one. Put the whole field into quotation marks and write each one inside it twice: "Rosa ""Peace""".'
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return 'something stands between a closing quotation mark and the next separator. Write quotation marks inside a field twice: "Rosa ""Peace""".'
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark opens a field that nothing closes. Close it, or take the mark out.'
    case 'CSV_MAX_RECORD_SIZE':
      return `a line is longer than ${MAX_LINE_BYTES / 1024} KiB; perhaps a quotation mark was not closed.`
    default:
      return 'it cannot be read as CSV. Save it again as CSV, in UTF-8 and with commas.'
  }
}
