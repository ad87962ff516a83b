/** A Parquet file (https://parquet.apache.org/docs/file-format): its columns and row groups, read strictly. */

import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import type { Spool } from '../../archives/spool.ts'
import { type ParquetValue, readColumn } from './read-column.ts'
import { listIn, numberIn, structIn, structsIn, ThriftReader, type ThriftStruct, textOf } from './thrift.ts'

const MAGIC = 'PAR1'
/** The word at both ends, and the length of the footer. */
export const MIN_PARQUET_BYTES = 12
const MAX_FOOTER_BYTES = 16 * 1024 * 1024
const MAX_COLUMN_BYTES = 512 * 1024 * 1024
const MAX_ROWS = 1_000_000
const MAX_DEPTH = 16
const OPTIONAL = 1
const REPEATED = 2

/** A column that holds values. */
export interface ParquetColumn {
  /** `image`, `bytes`. */
  path: string[]
  type: number
  maxLevel: number
  /** In a list: several values a row. */
  isRepeated: boolean
}

export interface ParquetFile {
  columns: ParquetColumn[]
  rows: number
  /** What Hugging Face's datasets says of the columns, as JSON. */
  metadata: ReadonlyMap<string, string>
  /** The rows' values of these columns, row group by row group. */
  read(columns: readonly ParquetColumn[]): AsyncGenerator<(ParquetValue | null)[][]>
}

/** @param count  told what is read, and what every page unpacks to @throws InvalidDatasetError, worded to follow the file's name */
export function openParquet(spool: Spool, count: (bytes: number) => void): ParquetFile {
  if (spool.byteLength < MIN_PARQUET_BYTES)
    throw new InvalidDatasetError('it is empty, or too short for a Parquet file')
  const end = spool.readNow(spool.byteLength - 8, 8)
  if (end.toString('latin1', 4, 8) !== MAGIC || spool.readNow(0, 4).toString('latin1') !== MAGIC)
    throw new InvalidDatasetError('it does not begin and end as a Parquet file')
  const footerBytes = end.readUInt32LE(0)
  if (footerBytes > Math.min(MAX_FOOTER_BYTES, spool.byteLength - MIN_PARQUET_BYTES))
    throw new InvalidDatasetError('what it says of itself is longer than it can be')
  const footer = new ThriftReader(spool.readNow(spool.byteLength - 8 - footerBytes, footerBytes)).readStruct()
  const groups = structsIn(footer, 4)
  const rows = groups.reduce((sum, group) => sum + Math.max(0, numberIn(group, 3)), 0)
  if (rows > MAX_ROWS) throw new InvalidDatasetError(`it has more than ${MAX_ROWS.toLocaleString('en')} rows`)
  return {
    columns: columnsOf(structsIn(footer, 2)),
    rows,
    metadata: new Map(
      structsIn(footer, 5).map((pair) => [textOf(pair.get(1)), pair.has(2) ? textOf(pair.get(2)) : '']),
    ),
    async *read(columns) {
      for (const group of groups) {
        const values: (ParquetValue | null)[][] = []
        for (const column of columns) values.push(await readChunk(spool, group, column, count))
        yield values
      }
    },
  }
}

/** The leaves of the schema, which is a tree that is written from the top down. */
function columnsOf(schema: readonly ThriftStruct[]): ParquetColumn[] {
  const columns: ParquetColumn[] = []
  let next = 1
  const walk = (path: readonly string[], level: number, isInList: boolean) => {
    const element = schema[next++]
    if (!element || path.length > MAX_DEPTH) throw new InvalidDatasetError('its schema is damaged')
    const own = [...path, textOf(element.get(4))]
    const repetition = element.get(3)
    const maxLevel = level + (repetition === OPTIONAL || repetition === REPEATED ? 1 : 0)
    const isRepeated = isInList || repetition === REPEATED
    const children = childrenOf(element)
    if (children === 0) columns.push({ path: own, type: numberIn(element, 1), maxLevel, isRepeated })
    for (let i = 0; i < children; i++) walk(own, maxLevel, isRepeated)
  }
  const [root] = schema
  const tops = root ? childrenOf(root) : 0
  for (let i = 0; i < tops; i++) walk([], 0, false)
  return columns
}

function childrenOf(element: ThriftStruct): number {
  return element.has(5) ? numberIn(element, 5) : 0
}

async function readChunk(
  spool: Spool,
  group: ThriftStruct,
  column: ParquetColumn,
  count: (bytes: number) => void,
): Promise<(ParquetValue | null)[]> {
  const key = column.path.join('\0')
  const found = structsIn(group, 1)
    .map((chunk) => structIn(chunk, 3))
    .find((about) => listIn(about, 3).map(textOf).join('\0') === key)
  if (!found) throw new InvalidDatasetError(`its column “${column.path.join('.')}” is not in every row group`)
  const [data, dictionary] = [numberIn(found, 9), found.has(11) ? numberIn(found, 11) : 0]
  const start = dictionary > 0 ? Math.min(data, dictionary) : data
  const length = numberIn(found, 7)
  if (length > MAX_COLUMN_BYTES)
    throw new InvalidDatasetError('a row group of it has more than 512 MiB in a column; write smaller ones')
  if (start < 4 || length < 0 || start + length > spool.byteLength)
    throw new InvalidDatasetError('a column of it lies outside of the file: it is cut short or damaged')
  const { type, maxLevel } = column
  // Row groups may all point to the same bytes.
  count(length)
  const bytes = await spool.read(start, length)
  return readColumn({ type, maxLevel, codec: numberIn(found, 4), rows: numberIn(group, 3), bytes, count })
}
