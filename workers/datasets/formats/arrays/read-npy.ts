/** NumPy's own file of one array (NEP 1): a magic word, a header that is a Python dictionary, then bare numbers. */

import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import type { Spool } from '../../archives/spool.ts'

const MAGIC = Buffer.from('\x93NUMPY', 'latin1')
const MAX_HEADER_BYTES = 64 * 1024
const MAX_DIMENSIONS = 5
/** Read strictly: whatever else a header holds, the file is not one that NumPy writes. */
const HEADER =
  /^\{'descr': '([<>|=])([a-zA-Z])(\d{1,3})', 'fortran_order': (True|False), 'shape': \(((?:\d{1,15}(?:, ?\d{1,15})*,?)?)\),? ?\}\s*$/

export interface NpyArray {
  path: string
  /** `u1` is bytes, `i8` integers of eight bytes, `f4` floating-point numbers of four. */
  type: string
  isBigEndian: boolean
  shape: number[]
  /** Of the first number. */
  start: number
  spool: Spool
}

/**
 * Reads a header, and holds the file to it.
 * @throws InvalidDatasetError where it is no array of numbers, or its size is not what the header says
 */
export function readNpyHeader(path: string, spool: Spool): NpyArray {
  const head = spool.readNow(0, 12)
  if (head.length < 12 || !head.subarray(0, 6).equals(MAGIC) || (head[6] ?? 0) < 1 || (head[6] ?? 0) > 3)
    throw new InvalidDatasetError(`“${path}” is no NumPy array: it does not begin as one.`)
  const isFirst = head[6] === 1
  const headerBytes = isFirst ? head.readUInt16LE(8) : head.readUInt32LE(8)
  const start = (isFirst ? 10 : 12) + headerBytes
  if (headerBytes > MAX_HEADER_BYTES || start > spool.byteLength)
    throw new InvalidDatasetError(`“${path}” is damaged: its header is longer than it can be.`)
  const text = spool.readNow(start - headerBytes, headerBytes).toString('latin1')
  const match = HEADER.exec(text)
  if (!match) throw notRead(path, text)
  const [, order, kind = '', bytes, fortran, sizes = ''] = match
  if (kind === 'U' || kind === 'S')
    throw new InvalidDatasetError(
      `“${path}” holds texts, which are not read: number the classes, as numpy.unique(…, return_inverse=True) does.`,
    )
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]))
  if (fortran === 'True' && shape.length > 1)
    throw new InvalidDatasetError(
      `“${path}” is stored column by column (fortran_order); save numpy.ascontiguousarray of it.`,
    )
  const expected = start + shape.reduce((product, size) => product * size, Number(bytes))
  if (shape.length > MAX_DIMENSIONS || expected !== spool.byteLength)
    throw new InvalidDatasetError(
      `“${path}” says that it holds ${shape.join(' × ')} numbers of ${bytes} bytes, but has ${spool.byteLength.toLocaleString('en')} bytes in all: it was cut or its header is wrong.`,
    )
  return { path, type: `${kind}${bytes}`, isBigEndian: order === '>', shape, start, spool }
}

function notRead(path: string, header: string): InvalidDatasetError {
  const isObjects = /'descr': '\|O'/.test(header)
  return new InvalidDatasetError(
    isObjects
      ? `“${path}” holds Python objects, which are not read: save it as an array of numbers.`
      : `“${path}” is no NumPy array of numbers: its header is not read.`,
  )
}

const READERS: Record<string, (bytes: DataView, at: number, isLittle: boolean) => number> = {
  u1: (bytes, at) => bytes.getUint8(at),
  b1: (bytes, at) => bytes.getUint8(at),
  i1: (bytes, at) => bytes.getInt8(at),
  u2: (bytes, at, isLittle) => bytes.getUint16(at, isLittle),
  i2: (bytes, at, isLittle) => bytes.getInt16(at, isLittle),
  u4: (bytes, at, isLittle) => bytes.getUint32(at, isLittle),
  i4: (bytes, at, isLittle) => bytes.getInt32(at, isLittle),
  u8: (bytes, at, isLittle) => Number(bytes.getBigUint64(at, isLittle)),
  i8: (bytes, at, isLittle) => Number(bytes.getBigInt64(at, isLittle)),
  f4: (bytes, at, isLittle) => bytes.getFloat32(at, isLittle),
  f8: (bytes, at, isLittle) => bytes.getFloat64(at, isLittle),
}

/** All numbers of a small array. @throws InvalidDatasetError where they are of another kind */
export function readNpyNumbers({ path, type, isBigEndian, shape, start, spool }: NpyArray): number[] {
  const read = READERS[type]
  if (!read)
    throw new InvalidDatasetError(`“${path}” holds values of the type ${type}; labels are whole numbers.`)
  const size = Number(type.slice(1))
  const count = shape.reduce((product, length) => product * length, 1)
  const bytes = spool.readNow(start, count * size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: count }, (_, i) => read(view, i * size, !isBigEndian))
}
