/** The values of one column of a Parquet file, page by page, in the encodings that Hugging Face and pandas write. */
import { gunzipSync } from 'node:zlib'
import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import { unpackSnappy } from './snappy.ts'
import { numberIn, structIn, ThriftReader, type ThriftStruct } from './thrift.ts'

export const PARQUET_TYPES = { INT32: 1, INT64: 2, BYTE_ARRAY: 6 } as const
const PAGE = { data: 0, dictionary: 2, data2: 3 }
const ENCODING = { plain: 0, plainDictionary: 2, rleDictionary: 8 }
const CODEC_NAMES = ['none', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW']
const MAX_PAGE_BYTES = 256 * 1024 * 1024
/** Its statistics may have values of the column; nothing else in it is long. */
const MAX_HEADER_BYTES = 1024 * 1024
const MAX_HEADER_VALUES = 1000

export type ParquetValue = Buffer | number

export interface ColumnChunk {
  type: number
  codec: number
  rows: number
  /** How many of the levels down to it may be missing. */
  maxLevel: number
  /** Pages, one behind the other. */
  bytes: Buffer
  /** Told what every page unpacks to. */
  count(bytes: number): void
}

/** One value a row, null where there is none. @throws InvalidDatasetError, worded to follow the file's name */
export function readColumn(chunk: ColumnChunk): (ParquetValue | null)[] {
  const { bytes, rows } = chunk
  const values: (ParquetValue | null)[] = []
  let dictionary: ParquetValue[] = []
  let at = 0
  while (values.length < rows) {
    if (at >= bytes.length) throw new InvalidDatasetError('a column of it ends before its rows do')
    const reader = new ThriftReader(bytes.subarray(at, at + MAX_HEADER_BYTES), MAX_HEADER_VALUES)
    const header = reader.readStruct()
    const length = numberIn(header, 3)
    const start = at + reader.at
    at = start + length
    if (length < 0 || at > bytes.length) throw damaged()
    const packed = bytes.subarray(start, at)
    const page = readPage(chunk, header, packed, rows - values.length)
    if (page?.isDictionary) dictionary = readPlain(page.values, chunk.type, page.count)
    else if (page) for (const value of readData(chunk, page, dictionary)) values.push(value)
  }
  return values
}

interface Page {
  isDictionary: boolean
  count: number
  encoding: number
  /** Undefined where every value is there. */
  levels: number[] | undefined
  values: Buffer
}

function readPage(chunk: ColumnChunk, header: ThriftStruct, packed: Buffer, most: number): Page | undefined {
  const kind = numberIn(header, 1)
  const byteLength = numberIn(header, 2)
  if (byteLength < 0 || byteLength > MAX_PAGE_BYTES)
    throw new InvalidDatasetError('a page of it is larger than 256 MiB')
  chunk.count(byteLength)
  if (kind === PAGE.dictionary) {
    const about = structIn(header, 7)
    const values = unpack(packed, chunk.codec, byteLength)
    const count = numberIn(about, 1)
    // A value takes a byte at least.
    if (count < 0 || count > values.length) throw damaged()
    return { isDictionary: true, count, encoding: ENCODING.plain, levels: undefined, values }
  }
  if (kind === PAGE.data)
    return readFirstKind(chunk, structIn(header, 5), unpack(packed, chunk.codec, byteLength), most)
  return kind === PAGE.data2
    ? readSecondKind(chunk, structIn(header, 8), packed, byteLength, most)
    : undefined
}

function readFirstKind({ maxLevel }: ColumnChunk, about: ThriftStruct, bytes: Buffer, most: number): Page {
  const count = checkCount(numberIn(about, 1), most)
  const encoding = numberIn(about, 2)
  if (maxLevel === 0) return { isDictionary: false, count, encoding, levels: undefined, values: bytes }
  const length = bytes.length < 4 ? Number.POSITIVE_INFINITY : bytes.readUInt32LE(0)
  if (4 + length > bytes.length) throw damaged()
  const levels = readHybrid(bytes.subarray(4, 4 + length), bitsFor(maxLevel), count)
  return { isDictionary: false, count, encoding, levels, values: bytes.subarray(4 + length) }
}

function readSecondKind(
  { maxLevel, codec }: ColumnChunk,
  about: ThriftStruct,
  packed: Buffer,
  byteLength: number,
  most: number,
): Page {
  const count = checkCount(numberIn(about, 1), most)
  const [levelBytes, repetitionBytes] = [numberIn(about, 5), numberIn(about, 6)]
  if (repetitionBytes !== 0 || levelBytes < 0 || levelBytes > Math.min(packed.length, byteLength))
    throw damaged()
  const isPacked = about.get(7) !== false
  const rest = packed.subarray(levelBytes)
  const values = isPacked ? unpack(rest, codec, byteLength - levelBytes) : rest
  const levels =
    maxLevel === 0 ? undefined : readHybrid(packed.subarray(0, levelBytes), bitsFor(maxLevel), count)
  return { isDictionary: false, count, encoding: numberIn(about, 4), levels, values }
}

function checkCount(count: number, most: number): number {
  if (count < 0 || count > most) throw damaged()
  return count
}

function readData({ type, maxLevel }: ColumnChunk, page: Page, dictionary: readonly ParquetValue[]) {
  const { levels, values, encoding, count } = page
  const there = levels ? levels.filter((level) => level === maxLevel).length : count
  const read = readValues(values, type, encoding, there, dictionary)
  if (!levels) return read
  let next = 0
  return levels.map((level) => (level === maxLevel ? (read[next++] ?? null) : null))
}

function readValues(
  bytes: Buffer,
  type: number,
  encoding: number,
  count: number,
  dictionary: readonly ParquetValue[],
): ParquetValue[] {
  if (encoding === ENCODING.plain) return readPlain(bytes, type, count)
  if (encoding !== ENCODING.plainDictionary && encoding !== ENCODING.rleDictionary)
    throw new InvalidDatasetError(
      `a column of it is in the encoding ${encoding}, which is not read; write it with use_dictionary and without others, as Hugging Face does`,
    )
  const bits = bytes[0] ?? 0
  if (bits > 32) throw damaged()
  return readHybrid(bytes.subarray(1), bits, count).map((index) => {
    const value = dictionary[index]
    if (value === undefined) throw damaged()
    return value
  })
}

function readPlain(bytes: Buffer, type: number, count: number): ParquetValue[] {
  const values: ParquetValue[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const size = type === PARQUET_TYPES.INT64 ? 8 : 4
    if (at + size > bytes.length) throw damaged()
    if (type === PARQUET_TYPES.INT64) values.push(Number(bytes.readBigInt64LE(at)))
    else if (type === PARQUET_TYPES.INT32) values.push(bytes.readInt32LE(at))
    else {
      const length = bytes.readUInt32LE(at)
      if (at + 4 + length > bytes.length) throw damaged()
      values.push(bytes.subarray(at + 4, at + 4 + length))
      at += length
    }
    at += size
  }
  return values
}

/** Runs of one value, and groups of eight packed bit by bit. */
function readHybrid(bytes: Buffer, bits: number, count: number): number[] {
  const values: number[] = []
  const width = (bits + 7) >> 3
  for (let at = 0; values.length < count; ) {
    const head = readHead(bytes, at)
    at = head.end
    const rest = count - values.length
    if (head.isPacked) {
      const wanted = Math.min(8 * head.runs, rest)
      for (let i = 0; i < wanted; i++) values.push(bitsAt(bytes, 8 * at + i * bits, bits))
      at += head.runs * bits
    } else {
      if (at + width > bytes.length) throw damaged()
      const value = width === 0 ? 0 : bytes.readUIntLE(at, width)
      for (let i = Math.min(head.runs, rest); i > 0; i--) values.push(value)
      at += width
    }
  }
  return values
}

function readHead(bytes: Buffer, start: number): { runs: number; isPacked: boolean; end: number } {
  let head = 0
  let at = start
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined || shift > 28) throw damaged()
    head += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  const runs = Math.floor(head / 2)
  if (runs === 0) throw damaged()
  return { runs, isPacked: head % 2 === 1, end: at }
}

function bitsAt(bytes: Buffer, bit: number, bits: number): number {
  let value = 0
  for (let i = 0; i < bits; i++) {
    const byte = bytes[(bit + i) >> 3]
    if (byte === undefined) throw damaged()
    value += ((byte >> ((bit + i) & 7)) & 1) * 2 ** i
  }
  return value
}

function bitsFor(most: number): number {
  return Math.ceil(Math.log2(most + 1))
}

function unpack(packed: Buffer, codec: number, byteLength: number): Buffer {
  if (codec === 0 && packed.length === byteLength) return packed
  if (codec === 1) return unpackSnappy(packed, byteLength)
  if (codec === 2) return ungzip(packed, byteLength)
  if (codec === 0) throw damaged()
  throw new InvalidDatasetError(
    `it is packed by ${CODEC_NAMES[codec] ?? `method ${codec}`}, which is not read; write it again with compression="snappy"`,
  )
}

function ungzip(packed: Buffer, byteLength: number): Buffer {
  try {
    const unpacked = gunzipSync(packed, { maxOutputLength: Math.max(1, byteLength) })
    if (unpacked.length === byteLength) return unpacked
  } catch {
    // Told below.
  }
  throw damaged()
}

function damaged(): InvalidDatasetError {
  return new InvalidDatasetError('a page of it is damaged')
}
