/** Thrift's compact protocol, in which Parquet writes what it says of itself; read strictly, never more than there is. */
import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'

export type ThriftValue = number | boolean | Buffer | ThriftValue[] | ThriftStruct
/** By the numbers of the fields. */
export type ThriftStruct = Map<number, ThriftValue>

/** Of structs and lists in each other. */
const MAX_DEPTH = 16
/** An empty struct takes a byte in the file and a hundred in memory. */
const MAX_VALUES = 1_000_000
const TYPE = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
}

export class ThriftReader {
  readonly #bytes: Buffer
  readonly #maxValues: number
  #at = 0
  #depth = 0
  #values = 0

  constructor(bytes: Buffer, maxValues = MAX_VALUES) {
    this.#bytes = bytes
    this.#maxValues = maxValues
  }

  /** Behind what was read. */
  get at(): number {
    return this.#at
  }

  /** @throws InvalidDatasetError where the bytes are no struct */
  readStruct(): ThriftStruct {
    if (++this.#depth > MAX_DEPTH) throw damaged()
    const fields: ThriftStruct = new Map()
    for (let id = 0; ; ) {
      const head = this.#readByte()
      if (head === 0) break
      const step = head >> 4
      id = step === 0 ? this.#readInteger() : id + step
      fields.set(id, this.#readValue(head & 15))
    }
    this.#depth--
    return fields
  }

  #readValue(type: number): ThriftValue {
    this.#countValue()
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        return type === TYPE.true
      case TYPE.byte:
        return this.#readByte()
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        return this.#readInteger()
      case TYPE.double:
        return this.#take(8).readDoubleLE(0)
      case TYPE.binary:
        return this.#take(this.#readVarint())
      case TYPE.list:
      case TYPE.set:
        return this.#readList()
      case TYPE.struct:
        return this.readStruct()
      default:
        throw damaged()
    }
  }

  #countValue(): void {
    if (++this.#values > this.#maxValues)
      throw new InvalidDatasetError(
        `what it says of itself has more than ${this.#maxValues.toLocaleString('en')} values; write larger row groups`,
      )
  }

  #readList(): ThriftValue[] {
    if (++this.#depth > MAX_DEPTH) throw damaged()
    const head = this.#readByte()
    const count = head >> 4 === 15 ? this.#readVarint() : head >> 4
    // Each element takes a byte at least.
    if (count > this.#bytes.length - this.#at) throw damaged()
    const type = head & 15
    const values: ThriftValue[] = []
    for (let i = 0; i < count; i++) values.push(this.#readElement(type))
    this.#depth--
    return values
  }

  /** In a list a truth value is a byte of its own; in a struct its type says it. */
  #readElement(type: number): ThriftValue {
    if (type > TYPE.false) return this.#readValue(type)
    this.#countValue()
    return this.#readByte() === TYPE.true
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw damaged()
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #readByte(): number {
    return this.#take(1)[0] ?? 0
  }

  /** Zigzag. */
  #readInteger(): number {
    const value = this.#readVarint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #readVarint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.#readByte()
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw damaged()
  }
}

function damaged(): InvalidDatasetError {
  return new InvalidDatasetError('what it says of itself is damaged')
}

/** A field that must be there and of that kind. */
export function numberIn(struct: ThriftStruct, id: number): number {
  const value = struct.get(id)
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw damaged()
  return value
}

export function structIn(struct: ThriftStruct, id: number): ThriftStruct {
  const value = struct.get(id)
  if (!(value instanceof Map)) throw damaged()
  return value
}

export function textOf(value: ThriftValue | undefined): string {
  if (!Buffer.isBuffer(value)) throw damaged()
  return value.toString('utf8')
}

/** Empty where there is none. */
export function listIn(struct: ThriftStruct, id: number): ThriftValue[] {
  const value = struct.get(id)
  if (value !== undefined && !Array.isArray(value)) throw damaged()
  return value ?? []
}

export function structsIn(struct: ThriftStruct, id: number): ThriftStruct[] {
  return listIn(struct, id).map((value) => {
    if (!(value instanceof Map)) throw damaged()
    return value
  })
}
