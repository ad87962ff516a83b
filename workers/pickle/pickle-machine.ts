/**
 * Why a reader of our own: a pickle is a program, and unpickling a stranger's upload would run it. This one calls nothing and
 * imports nothing: the names that something is made with are compared by whoever knows what such a file holds, every other
 * name is refused, and so is every opcode that is not listed (Python's pickletools names them).
 */
import { PickleError, type PickleSource } from './pickle-source.ts'
import { asContainer, type PickleValue } from './pickle-values.ts'

const MAX_OPCODES = 4_000_000
const NEWEST_PROTOCOL = 5
const MARK = Symbol('mark')
const SHOWN_LENGTH = 200

/** @template Made  what this file's names make, and whatever else only such files have */
export abstract class PickleMachine<Made> {
  readonly #source: PickleSource
  #stack: (PickleValue<Made> | typeof MARK)[] = []
  #memo = new Map<number, PickleValue<Made>>()

  constructor(source: PickleSource) {
    this.#source = source
  }

  /** What such a file is called: “CIFAR file”. */
  protected abstract readonly fileKind: string
  /** Said behind what is refused. */
  protected readonly advice: string = ''
  /** Beside those that every pickle has; pickletools' names are beside them. */
  protected abstract readonly ownOpcodes: Record<string, () => void>
  /** What a name of Python's is here; undefined refuses it. */
  protected abstract nameOf(module: string, name: string): string | undefined
  /** What a call of it makes. @throws PickleError where it is made in another way */
  protected abstract make(name: string, given: PickleValue<Made>[]): PickleValue<Made>
  /** Gives what was made its state. */
  protected abstract build(target: PickleValue<Made>, state: PickleValue<Made>): void
  protected abstract textOf(length: number, encoding: 'latin1' | 'utf8'): PickleValue<Made>
  /** An integer, the least significant byte first. */
  protected abstract longOf(bytes: Buffer): number
  protected abstract keyOf(value: PickleValue<Made> | undefined): string

  /** The pickle that begins here; another may follow it. */
  read(): PickleValue<Made> {
    this.#stack = []
    this.#memo = new Map()
    for (let count = 0; count < MAX_OPCODES; count++) {
      const opcode = this.#source.take(1).toString('latin1')
      if (opcode === '.') {
        const result = this.pop()
        if (this.#stack.length > 0) throw new PickleError('it ends with more than one value')
        return result
      }
      this.#step(opcode)
    }
    throw new PickleError(`it has more than ${MAX_OPCODES.toLocaleString('en')} steps`)
  }

  readonly #opcodes: Record<string, () => void> = {
    '\x80': () => this.#checkProtocol(this.byte()), // PROTO
    '\x95': () => this.#source.take(8), // FRAME
    '(': () => this.#stack.push(MARK), // MARK
    N: () => this.push(null), // NONE
    '\x88': () => this.push(true), // NEWTRUE
    '\x89': () => this.push(false), // NEWFALSE
    K: () => this.push(this.byte()), // BININT1
    M: () => this.push(this.#source.take(2).readUInt16LE()), // BININT2
    J: () => this.push(this.#source.take(4).readInt32LE()), // BININT
    '\x8a': () => this.push(this.longOf(this.#source.take(this.byte()))), // LONG1
    U: () => this.push(this.textOf(this.byte(), 'latin1')), // SHORT_BINSTRING
    X: () => this.push(this.textOf(this.count(), 'utf8')), // BINUNICODE
    '\x8c': () => this.push(this.textOf(this.byte(), 'utf8')), // SHORT_BINUNICODE
    c: () => this.#pushName(this.#source.line(), this.#source.line()), // GLOBAL
    '\x93': () => this.#pushNameOf(this.popMany(2)), // STACK_GLOBAL
    '}': () => this.push({ kind: 'dictionary', entries: new Map() }), // EMPTY_DICT
    ']': () => this.push({ kind: 'list', items: [] }), // EMPTY_LIST
    ')': () => this.#pushTuple([]), // EMPTY_TUPLE
    '\x85': () => this.#pushTuple(this.popMany(1)), // TUPLE1
    '\x86': () => this.#pushTuple(this.popMany(2)), // TUPLE2
    '\x87': () => this.#pushTuple(this.popMany(3)), // TUPLE3
    t: () => this.#pushTuple(this.popToMark()), // TUPLE
    a: () => this.#append([this.pop()]), // APPEND
    e: () => this.#append(this.popToMark()), // APPENDS
    s: () => this.setItems(this.popMany(2)), // SETITEM
    u: () => this.setItems(this.popToMark()), // SETITEMS
    R: () => this.#reduce(this.popMany(2)), // REDUCE
    b: () => this.#build(this.pop()), // BUILD
    q: () => this.remember(this.byte()), // BINPUT
    r: () => this.remember(this.count()), // LONG_BINPUT
    '\x94': () => this.remember(this.#memo.size), // MEMOIZE
    h: () => this.recall(this.byte()), // BINGET
    j: () => this.recall(this.count()), // LONG_BINGET
  }

  #step(opcode: string): void {
    const known = [this.ownOpcodes, this.#opcodes].find((opcodes) => Object.hasOwn(opcodes, opcode))
    if (!known) {
      const shown = opcode.charCodeAt(0).toString(16).padStart(2, '0')
      throw new PickleError(`it has the opcode 0x${shown}, which no ${this.fileKind} has`)
    }
    known[opcode]?.()
  }

  protected byte(): number {
    return this.#source.take(1).readUInt8()
  }

  protected count(): number {
    return this.#source.take(4).readUInt32LE()
  }

  protected push(value: PickleValue<Made>): void {
    this.#stack.push(value)
  }

  protected pop(): PickleValue<Made> {
    const item = this.#stack.pop()
    if (item === undefined || item === MARK) throw new PickleError('a value is missing in it')
    return item
  }

  protected popMany(count: number): PickleValue<Made>[] {
    return Array.from({ length: count }, () => this.pop()).reverse()
  }

  protected popToMark(): PickleValue<Made>[] {
    const at = this.#stack.lastIndexOf(MARK)
    if (at < 0) throw new PickleError('a mark is missing in it')
    const items = this.#stack.splice(at + 1) as PickleValue<Made>[]
    this.#stack.pop()
    return items
  }

  protected setItems(items: PickleValue<Made>[]): void {
    const { entries } = asContainer(this.#top(), 'dictionary')
    for (let i = 0; i + 1 < items.length; i += 2) {
      const [key, value = null] = items.slice(i, i + 2)
      entries.set(this.keyOf(key), value)
    }
  }

  protected remember(index: number): void {
    this.#memo.set(index, this.#top())
  }

  protected recall(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw new PickleError('it refers to a value that it does not have')
    this.push(value)
  }

  #top(): PickleValue<Made> {
    const item = this.#stack.at(-1)
    if (item === undefined || item === MARK) throw new PickleError('a value is missing in it')
    return item
  }

  #checkProtocol(protocol: number): void {
    if (protocol > NEWEST_PROTOCOL)
      throw new PickleError(`it is of protocol ${protocol}; those up to ${NEWEST_PROTOCOL} are read`)
  }

  #pushTuple(items: PickleValue<Made>[]): void {
    this.push({ kind: 'tuple', items })
  }

  #append(items: PickleValue<Made>[]): void {
    const list = asContainer(this.#top(), 'list')
    for (const item of items) list.items.push(item)
  }

  #pushName(module: string, name: string): void {
    const known = this.nameOf(module, name)
    const shown = JSON.stringify(`${module}.${name}`.slice(0, SHOWN_LENGTH))
    if (known === undefined) throw new PickleError(`it asks for ${shown}, which is refused${this.advice}`)
    this.push({ kind: 'name', name: known })
  }

  #pushNameOf([module, name]: PickleValue<Made>[]): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new PickleError('a name in it is no string')
    this.#pushName(module, name)
  }

  #reduce([callee, given]: PickleValue<Made>[]): void {
    this.push(this.make(asContainer(callee, 'name').name, asContainer(given, 'tuple').items))
  }

  #build(state: PickleValue<Made>): void {
    this.build(this.#top(), state)
  }
}
