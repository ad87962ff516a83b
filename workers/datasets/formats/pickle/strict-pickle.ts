/**
 * Why a reader of our own: a pickle is a program, and unpickling a stranger's upload would run it. This one knows only what
 * CIFAR's files need, in Python's protocols 0 to 5: dictionaries, lists, tuples, numbers, strings and arrays of bytes (Python's pickletools names the
 * opcodes). It calls nothing and imports nothing: the names that an array is made with are compared, every other name is
 * refused, and so is every opcode that is not listed.
 */

import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import type { Spool } from '../../archives/spool.ts'
import { arrayOf } from './pickle-arrays.ts'
import { PickleBytes, PickleError } from './pickle-bytes.ts'
import { decodeString, decodeUnicode, latin1Of, readIndex, readInteger, readLong } from './pickle-texts.ts'
import { asKind, isKind, type PickleValue } from './pickle-values.ts'

const MAX_OPCODES = 4_000_000
const MAX_NEAR_BYTES = 4096
const MARK = Symbol('mark')

const NAMES: Record<string, string> = {
  'numpy.core.multiarray _reconstruct': 'reconstruct',
  'numpy._core.multiarray _reconstruct': 'reconstruct',
  'numpy ndarray': 'ndarray',
  'numpy dtype': 'dtype',
  // Protocol 5 has an array's bytes as a buffer.
  'numpy.core.numeric _frombuffer': 'frombuffer',
  'numpy._core.numeric _frombuffer': 'frombuffer',
  // Python 3 writes bytes so in the protocols that have none.
  '_codecs encode': 'encode',
}
const NEWEST_PROTOCOL = 5

/** @throws InvalidDatasetError where it is anything else than such a pickle */
export function readPickle(spool: Spool, path: string): PickleValue {
  const reader = new PickleReader(new PickleBytes(spool))
  try {
    return reader.read()
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    throw new InvalidDatasetError(`“${path}” is not a pickle of CIFAR’s form: ${error.message}.`)
  }
}

type Item = PickleValue | typeof MARK

class PickleReader {
  readonly #bytes: PickleBytes
  readonly #stack: Item[] = []
  readonly #memo = new Map<number, PickleValue>()

  constructor(bytes: PickleBytes) {
    this.#bytes = bytes
  }

  read(): PickleValue {
    for (let count = 0; count < MAX_OPCODES; count++) {
      const opcode = this.#bytes.take(1).toString('latin1')
      if (opcode === '.') {
        const result = this.#pop()
        if (this.#stack.length > 0) throw new PickleError('it ends with more than one value')
        return result
      }
      this.#step(opcode)
    }
    throw new PickleError(`it has more than ${MAX_OPCODES.toLocaleString('en')} steps`)
  }

  /** All that there are: pickletools' names are beside them. */
  readonly #opcodes: Record<string, () => void> = {
    '\x80': () => this.#checkProtocol(this.#bytes.takeByte()), // PROTO
    '(': () => this.#stack.push(MARK), // MARK
    N: () => this.#push(null), // NONE
    '\x88': () => this.#push(true), // NEWTRUE
    '\x89': () => this.#push(false), // NEWFALSE
    '\x95': () => this.#bytes.take(8), // FRAME
    K: () => this.#push(this.#bytes.takeByte()), // BININT1
    M: () => this.#push(this.#bytes.take(2).readUInt16LE()), // BININT2
    J: () => this.#push(this.#bytes.take(4).readInt32LE()), // BININT
    U: () => this.#pushString(this.#bytes.takeByte()), // SHORT_BINSTRING
    T: () => this.#pushString(this.#bytes.take(4).readUInt32LE()), // BINSTRING
    C: () => this.#pushString(this.#bytes.takeByte()), // SHORT_BINBYTES
    B: () => this.#pushString(this.#bytes.take(4).readUInt32LE()), // BINBYTES
    '\x8e': () => this.#pushString(this.#bytes.takeLength()), // BINBYTES8
    '\x96': () => this.#pushString(this.#bytes.takeLength()), // BYTEARRAY8
    X: () => this.#pushString(this.#bytes.take(4).readUInt32LE(), 'utf8'), // BINUNICODE
    '\x8c': () => this.#pushString(this.#bytes.takeByte(), 'utf8'), // SHORT_BINUNICODE
    '\x8d': () => this.#pushString(this.#bytes.takeLength(), 'utf8'), // BINUNICODE8
    I: () => this.#push(readInteger(this.#bytes.line())), // INT
    L: () => this.#push(readInteger(this.#bytes.line().replace(/L$/, ''))), // LONG
    '\x8a': () => this.#push(readLong(this.#bytes.take(this.#bytes.takeByte()))), // LONG1
    S: () => this.#pushLine(decodeString), // STRING
    V: () => this.#pushLine(decodeUnicode), // UNICODE
    c: () => this.#pushName(this.#bytes.line(), this.#bytes.line()), // GLOBAL
    '\x93': () => this.#pushNameOf(this.#popMany(2)), // STACK_GLOBAL
    l: () => this.#push({ kind: 'list', items: this.#popToMark() }), // LIST
    d: () => this.#pushDictionary(this.#popToMark()), // DICT
    '}': () => this.#push({ kind: 'dictionary', entries: new Map() }), // EMPTY_DICT
    ']': () => this.#push({ kind: 'list', items: [] }), // EMPTY_LIST
    ')': () => this.#pushTuple([]), // EMPTY_TUPLE
    '\x85': () => this.#pushTuple(this.#popMany(1)), // TUPLE1
    '\x86': () => this.#pushTuple(this.#popMany(2)), // TUPLE2
    '\x87': () => this.#pushTuple(this.#popMany(3)), // TUPLE3
    t: () => this.#pushTuple(this.#popToMark()), // TUPLE
    a: () => this.#append([this.#pop()]), // APPEND
    e: () => this.#append(this.#popToMark()), // APPENDS
    s: () => this.#setItems(this.#popMany(2)), // SETITEM
    u: () => this.#setItems(this.#popToMark()), // SETITEMS
    R: () => this.#reduce(), // REDUCE
    b: () => this.#build(), // BUILD
    q: () => this.#memo.set(this.#bytes.takeByte(), this.#top()), // BINPUT
    r: () => this.#memo.set(this.#bytes.take(4).readUInt32LE(), this.#top()), // LONG_BINPUT
    '\x94': () => this.#memo.set(this.#memo.size, this.#top()), // MEMOIZE
    p: () => this.#memo.set(readIndex(this.#bytes.line()), this.#top()), // PUT
    g: () => this.#recall(readIndex(this.#bytes.line())), // GET
    h: () => this.#recall(this.#bytes.takeByte()), // BINGET
    j: () => this.#recall(this.#bytes.take(4).readUInt32LE()), // LONG_BINGET
  }

  #step(opcode: string): void {
    const carryOut = Object.hasOwn(this.#opcodes, opcode) ? this.#opcodes[opcode] : undefined
    if (!carryOut) {
      const shown = opcode.charCodeAt(0).toString(16).padStart(2, '0')
      throw new PickleError(`it has the opcode 0x${shown}, which no CIFAR file has`)
    }
    carryOut()
  }

  #checkProtocol(protocol: number): void {
    if (protocol > NEWEST_PROTOCOL)
      throw new PickleError(`it is of protocol ${protocol}; those up to ${NEWEST_PROTOCOL} are read`)
  }

  #push(value: PickleValue): void {
    this.#stack.push(value)
  }

  #pushString(length: number, encoding: 'latin1' | 'utf8' = 'latin1'): void {
    this.#push(
      length > MAX_NEAR_BYTES
        ? { kind: 'far', bytes: this.#bytes.skip(length), isText: encoding === 'utf8' }
        : this.#bytes.take(length).toString(encoding),
    )
  }

  /** A string that is a line of the file, its bytes written in other words. */
  #pushLine(decode: (line: Buffer) => Buffer): void {
    const bytes = decode(this.#bytes.read(this.#bytes.longLine()))
    this.#push(bytes.length > MAX_NEAR_BYTES ? { kind: 'bytes', bytes } : bytes.toString('latin1'))
  }

  #pushTuple(items: PickleValue[]): void {
    this.#push({ kind: 'tuple', items })
  }

  #pushName(module: string, name: string): void {
    const known = Object.hasOwn(NAMES, `${module} ${name}`) ? NAMES[`${module} ${name}`] : undefined
    if (known === undefined)
      throw new PickleError(`it asks for ${JSON.stringify(`${module}.${name}`)}, which is refused`)
    this.#push({ kind: 'name', name: known })
  }

  #pushNameOf([module, name]: PickleValue[]): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new PickleError('a name in it is no string')
    this.#pushName(module, name)
  }

  #pushDictionary(items: PickleValue[]): void {
    this.#push({ kind: 'dictionary', entries: new Map() })
    this.#setItems(items)
  }

  #pop(): PickleValue {
    const item = this.#stack.pop()
    if (item === undefined || item === MARK) throw new PickleError('a value is missing in it')
    return item
  }

  #top(): PickleValue {
    const item = this.#stack.at(-1)
    if (item === undefined || item === MARK) throw new PickleError('a value is missing in it')
    return item
  }

  #popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.#pop()).reverse()
  }

  #popToMark(): PickleValue[] {
    const at = this.#stack.lastIndexOf(MARK)
    if (at < 0) throw new PickleError('a mark is missing in it')
    const items = this.#stack.splice(at + 1) as PickleValue[]
    this.#stack.pop()
    return items
  }

  #append(items: PickleValue[]): void {
    const list = asKind(this.#top(), 'list')
    for (const item of items) list.items.push(item)
  }

  #setItems(items: PickleValue[]): void {
    const dictionary = asKind(this.#top(), 'dictionary')
    for (let i = 0; i + 1 < items.length; i += 2) {
      const [key, value = null] = items.slice(i, i + 2)
      if (typeof key !== 'string') throw new PickleError('a key in it is no string')
      dictionary.entries.set(key, value)
    }
  }

  #recall(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw new PickleError('it refers to a value that it does not have')
    this.#push(value)
  }

  /** An array, empty as yet or of a buffer, its dtype, or bytes out of a text; nothing else is ever made so. */
  #reduce(): void {
    const [callee, argument] = this.#popMany(2)
    const { name } = asKind(callee, 'name')
    const { items } = asKind(argument, 'tuple')
    if (name === 'dtype') this.#push({ kind: 'dtype', isBytes: items[0] === 'u1' })
    else if (name === 'reconstruct') this.#push({ kind: 'array', array: undefined })
    else if (name === 'encode') this.#pushEncoded(items)
    else if (name === 'frombuffer') this.#pushFromBuffer(items)
    else throw new PickleError('it makes something else than an array')
  }

  /** `_codecs.encode(text, 'latin1')`: each character is a byte. */
  #pushEncoded([text, encoding]: PickleValue[]): void {
    if (encoding !== 'latin1') throw new PickleError('a text in it is encoded in another way than latin1')
    if (isKind(text, 'far') && text.isText)
      this.#push({ kind: 'bytes', bytes: latin1Of(this.#bytes.read(text.bytes).toString('utf8')) })
    else if (typeof text === 'string' || isKind(text, 'bytes')) this.#push(text)
    else throw new PickleError('something that is no text is encoded in it')
  }

  #pushFromBuffer([buffer, dtype, shape, order]: PickleValue[]): void {
    this.#push({ kind: 'array', array: arrayOf(shape, dtype, order === 'C', buffer) })
  }

  #build(): void {
    const state = asKind(this.#pop(), 'tuple').items
    const target = this.#top()
    if (isKind(target, 'dtype')) return
    // version, shape, dtype, is it in Fortran's order, bytes
    const [, shape, dtype, isFortran, bytes] = state
    asKind(target, 'array').array = arrayOf(shape, dtype, isFortran === false, bytes)
  }
}
