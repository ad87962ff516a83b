import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { readCsvRows } from './csv-rows.ts'
import { readJsonRows } from './json-rows.ts'
import { openText } from './open-text.ts'

const JSON_LINES = /\.(jsonl|ndjson)$/i
const TABLE = /\.(csv|tsv|jsonl|ndjson)$/i

export function isTable(path: string): boolean {
  return TABLE.test(path)
}

export function isJsonLines(path: string): boolean {
  return JSON_LINES.test(path)
}

export interface OpenTable {
  /** As strings, the header the first of them. */
  rows: AsyncIterable<string[]>
  notes: string[]
}

/** A CSV or JSONL file as rows that stream by. Reading them may throw InvalidDatasetError or UnreadableFileError. */
export async function openTable(files: DatasetFiles, file: DatasetFile): Promise<OpenTable> {
  const { text, notes } = await openText(files, file)
  const read = isJsonLines(file.path) ? readJsonRows : readCsvRows
  return { rows: read(text, file.path), notes }
}
