/** What CIFAR's files need, in Python's protocols 0 to 5: dictionaries, lists, tuples, numbers, strings and arrays of bytes. */

import { PickleMachine } from '../../../pickle/pickle-machine.ts'
import { PickleError } from '../../../pickle/pickle-source.ts'
import { asKind, isKind } from '../../../pickle/pickle-values.ts'
import { InvalidDatasetError } from '../../archives/invalid-dataset-error.ts'
import type { Spool } from '../../archives/spool.ts'
import type { ArrayPart, PickleValue } from './array-values.ts'
import { arrayOf } from './pickle-arrays.ts'
import { PickleBytes } from './pickle-bytes.ts'
import { decodeString, decodeUnicode, latin1Of, readIndex, readInteger, readLong } from './pickle-texts.ts'

const MAX_NEAR_BYTES = 4096

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

/** @throws InvalidDatasetError where it is anything else than such a pickle */
export function readPickle(spool: Spool, path: string): PickleValue {
  try {
    return new CifarPickle(new PickleBytes(spool)).read()
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    throw new InvalidDatasetError(`“${path}” is not a pickle of CIFAR’s form: ${error.message}.`)
  }
}

class CifarPickle extends PickleMachine<ArrayPart> {
  readonly #bytes: PickleBytes
  protected readonly fileKind = 'CIFAR file'

  constructor(bytes: PickleBytes) {
    super(bytes)
    this.#bytes = bytes
  }

  protected readonly ownOpcodes: Record<string, () => void> = {
    T: () => this.push(this.textOf(this.count(), 'latin1')), // BINSTRING
    C: () => this.push(this.textOf(this.byte(), 'latin1')), // SHORT_BINBYTES
    B: () => this.push(this.textOf(this.count(), 'latin1')), // BINBYTES
    '\x8e': () => this.push(this.textOf(this.#bytes.takeLength(), 'latin1')), // BINBYTES8
    '\x96': () => this.push(this.textOf(this.#bytes.takeLength(), 'latin1')), // BYTEARRAY8
    '\x8d': () => this.push(this.textOf(this.#bytes.takeLength(), 'utf8')), // BINUNICODE8
    I: () => this.push(readInteger(this.#bytes.line())), // INT
    L: () => this.push(readInteger(this.#bytes.line().replace(/L$/, ''))), // LONG
    S: () => this.#pushLine(decodeString), // STRING
    V: () => this.#pushLine(decodeUnicode), // UNICODE
    l: () => this.push({ kind: 'list', items: this.popToMark() }), // LIST
    d: () => this.#pushDictionary(this.popToMark()), // DICT
    p: () => this.remember(readIndex(this.#bytes.line())), // PUT
    g: () => this.recall(readIndex(this.#bytes.line())), // GET
  }

  protected nameOf(module: string, name: string): string | undefined {
    return Object.hasOwn(NAMES, `${module} ${name}`) ? NAMES[`${module} ${name}`] : undefined
  }

  /** An array, empty as yet or of a buffer, its dtype, or bytes out of a text; nothing else is ever made. */
  protected make(name: string, given: PickleValue[]): PickleValue {
    if (name === 'dtype') return { kind: 'dtype', isBytes: given[0] === 'u1' }
    if (name === 'reconstruct') return { kind: 'array', array: undefined }
    if (name === 'encode') return this.#encoded(given)
    if (name !== 'frombuffer') throw new PickleError('it makes something else than an array')
    const [buffer, dtype, shape, order] = given
    return { kind: 'array', array: arrayOf(shape, dtype, order === 'C', buffer) }
  }

  protected build(target: PickleValue, state: PickleValue): void {
    const { items } = asKind(state, 'tuple')
    if (isKind(target, 'dtype')) return
    // version, shape, dtype, is it in Fortran's order, bytes
    const [, shape, dtype, isFortran, bytes] = items
    asKind(target, 'array').array = arrayOf(shape, dtype, isFortran === false, bytes)
  }

  protected textOf(length: number, encoding: 'latin1' | 'utf8'): PickleValue {
    return length > MAX_NEAR_BYTES
      ? { kind: 'far', bytes: this.#bytes.skip(length), isText: encoding === 'utf8' }
      : this.#bytes.take(length).toString(encoding)
  }

  protected longOf(bytes: Buffer): number {
    return readLong(bytes)
  }

  protected keyOf(value: PickleValue | undefined): string {
    if (typeof value !== 'string') throw new PickleError('a key in it is no string')
    return value
  }

  /** A string that is a line of the file, its bytes written in other words. */
  #pushLine(decode: (line: Buffer) => Buffer): void {
    const bytes = decode(this.#bytes.read(this.#bytes.longLine()))
    this.push(bytes.length > MAX_NEAR_BYTES ? { kind: 'bytes', bytes } : bytes.toString('latin1'))
  }

  #pushDictionary(items: PickleValue[]): void {
    this.push({ kind: 'dictionary', entries: new Map() })
    this.setItems(items)
  }

  /** `_codecs.encode(text, 'latin1')`: each character is a byte. */
  #encoded([text, encoding]: PickleValue[]): PickleValue {
    if (encoding !== 'latin1') throw new PickleError('a text in it is encoded in another way than latin1')
    if (isKind(text, 'far') && text.isText)
      return { kind: 'bytes', bytes: latin1Of(this.#bytes.read(text.bytes).toString('utf8')) }
    if (typeof text === 'string' || isKind(text, 'bytes')) return text
    throw new PickleError('something that is no text is encoded in it')
  }
}
