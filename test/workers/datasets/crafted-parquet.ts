/** Parquet files byte by byte, also such as no writer makes: images in a column of bytes, labels in one of whole numbers. */

/** A number is an i64, an object a struct by the numbers of its fields. */
type Thrift = number | string | Buffer | Thrift[] | ThriftFields
interface ThriftFields {
  [id: number]: Thrift
}

const TYPE = { i64: 6, binary: 8, list: 9, struct: 12 }
const BYTE_ARRAY = 6
const INT64 = 2

export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128))
  return Buffer.from([...bytes, rest])
}

const zigzag = (value: number) => varint(value < 0 ? -2 * value - 1 : 2 * value)

function typeOf(value: Thrift): number {
  if (typeof value === 'number') return TYPE.i64
  if (typeof value === 'string' || Buffer.isBuffer(value)) return TYPE.binary
  return Array.isArray(value) ? TYPE.list : TYPE.struct
}

function thrift(value: Thrift): Buffer {
  if (typeof value === 'number') return zigzag(value)
  if (typeof value === 'string' || Buffer.isBuffer(value)) {
    const bytes = Buffer.from(value as string)
    return Buffer.concat([varint(bytes.length), bytes])
  }
  if (Array.isArray(value)) {
    const head = Buffer.from([0xf0 + typeOf(value[0] ?? {})])
    return Buffer.concat([head, varint(value.length), ...value.map(thrift)])
  }
  const fields = Object.entries(value).flatMap(([id, field]) => [
    Buffer.from([typeOf(field)]),
    zigzag(Number(id)),
    thrift(field),
  ])
  return Buffer.concat([...fields, Buffer.from([0])])
}

const PLAIN = 0
const DICTIONARY = 8

function page(values: Buffer, count: number, encoding = PLAIN): Buffer {
  const about = { 1: count, 2: encoding, 3: 3, 4: 3 }
  return Buffer.concat([thrift({ 1: 0, 2: values.length, 3: values.length, 5: about }), values])
}

const plain = (values: readonly Buffer[]) =>
  Buffer.concat(
    values.flatMap((value) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(value.length)
      return [length, value]
    }),
  )

const imagePages = (images: readonly Buffer[]) => page(plain(images), images.length)

/** One image in a dictionary, which all rows point to. */
export function repeatedImage(image: Buffer, rows: number): Buffer {
  const values = plain([image])
  const dictionary = thrift({ 1: 2, 2: values.length, 3: values.length, 7: { 1: 1, 2: 0 } })
  const run = Buffer.concat([Buffer.from([1]), varint(2 * rows), Buffer.from([0])])
  return Buffer.concat([dictionary, values, page(run, rows, DICTIONARY)])
}

function labelPages(labels: readonly number[]): Buffer {
  const values = Buffer.alloc(8 * labels.length)
  for (const [i, label] of labels.entries()) values.writeBigInt64LE(BigInt(label), 8 * i)
  return page(values, labels.length)
}

/** What stands between the words at both ends. */
export function parquetOf(body: Buffer, footer: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([Buffer.from('PAR1'), body, footer, length, Buffer.from('PAR1')])
}

export interface CraftedTable {
  /** Their pages, or they themselves. */
  images: Buffer | readonly Buffer[]
  labels: readonly number[]
  /** As Hugging Face's datasets writes them. */
  names?: readonly string[]
}

export function craftParquet({ images, labels, names }: CraftedTable): Buffer {
  const chunks = [Buffer.isBuffer(images) ? images : imagePages(images), labelPages(labels)]
  const [imageBytes = 0, labelBytes = 0] = chunks.map(({ length }) => length)
  const rows = labels.length
  const chunk = (name: string, type: number, start: number, length: number): Thrift => ({
    3: { 1: type, 3: [name], 4: 0, 5: rows, 6: length, 7: length, 9: start },
  })
  const columns = [
    chunk('image', BYTE_ARRAY, 4, imageBytes),
    chunk('label', INT64, 4 + imageBytes, labelBytes),
  ]
  const footer: ThriftFields = {
    1: 1,
    2: [
      { 4: 'schema', 5: 2 },
      { 1: BYTE_ARRAY, 3: 0, 4: 'image' },
      { 1: INT64, 3: 0, 4: 'label' },
    ],
    3: rows,
    4: [{ 1: columns, 2: imageBytes + labelBytes, 3: rows }],
  }
  const info = { features: { label: { names } } }
  if (names) footer[5] = [{ 1: 'huggingface', 2: JSON.stringify({ info }) }]
  return parquetOf(Buffer.concat(chunks), thrift(footer))
}
