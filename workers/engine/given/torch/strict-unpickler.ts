/**
 * Why a reader of our own: a pickle is a program, and unpickling a stranger's upload would run it. This one knows what
 * `torch.save` writes of a dictionary of tensors (Python's pickletools names the opcodes). It calls nothing and imports
 * nothing: the names that a tensor is made with are compared, every other name is refused, and so is every opcode that
 * is not listed.
 */
import { GivenWeightsError, quoted } from '../given-weights.ts'
import { asCount, asCounts, asTorch, type TorchValue } from './torch-values.ts'

const MAX_OPCODES = 4_000_000
const NEWEST_PROTOCOL = 5
const MARK = Symbol('mark')

const STORAGE = /^torch [A-Za-z0-9]{1,20}Storage$/
const NAMES = new Set([
  'collections OrderedDict',
  'torch._utils _rebuild_tensor_v2',
  'torch._utils _rebuild_tensor',
  'torch._utils _rebuild_parameter',
  'torch Size',
])

type Item = TorchValue | typeof MARK

/** Goes through one pickle after the other in the same bytes. */
export class StrictUnpickler {
  readonly #file: Buffer
  #stack: Item[] = []
  #memo = new Map<number, TorchValue>()
  position = 0

  constructor(file: Buffer) {
    this.#file = file
  }

  /** The pickle that begins here. @throws GivenWeightsError where it is anything else than a dictionary of tensors */
  read(): TorchValue {
    this.#stack = []
    this.#memo = new Map()
    for (let count = 0; count < MAX_OPCODES; count++) {
      const opcode = String.fromCharCode(this.#byte())
      if (opcode === '.') return this.#pop()
      const carryOut = Object.hasOwn(this.#opcodes, opcode) ? this.#opcodes[opcode] : undefined
      if (!carryOut) {
        const shown = opcode.charCodeAt(0).toString(16).padStart(2, '0')
        throw new GivenWeightsError(
          `its pickle has the opcode 0x${shown}, which no dictionary of tensors has`,
        )
      }
      carryOut()
    }
    throw new GivenWeightsError('its pickle has more steps than any model’s')
  }

  take(length: number): Buffer {
    const end = this.position + length
    if (!(end <= this.#file.length)) throw new GivenWeightsError('it ends too early')
    const bytes = this.#file.subarray(this.position, end)
    this.position = end
    return bytes
  }

  /** All that there are: pickletools' names are beside them. */
  readonly #opcodes: Record<string, () => void> = {
    '\x80': () => this.#checkProtocol(this.#byte()), // PROTO
    '\x95': () => this.take(8), // FRAME
    '(': () => this.#stack.push(MARK), // MARK
    N: () => this.#stack.push(null), // NONE
    '\x88': () => this.#stack.push(true), // NEWTRUE
    '\x89': () => this.#stack.push(false), // NEWFALSE
    K: () => this.#stack.push(this.#byte()), // BININT1
    M: () => this.#stack.push(this.take(2).readUInt16LE()), // BININT2
    J: () => this.#stack.push(this.take(4).readInt32LE()), // BININT
    G: () => this.#stack.push(this.take(8).readDoubleBE()), // BINFLOAT
    '\x8a': () => this.#pushLong(this.take(this.#byte())), // LONG1
    X: () => this.#pushText(this.take(4).readUInt32LE()), // BINUNICODE
    '\x8c': () => this.#pushText(this.#byte()), // SHORT_BINUNICODE
    U: () => this.#pushText(this.#byte()), // SHORT_BINSTRING
    c: () => this.#pushName(this.#line(), this.#line()), // GLOBAL
    '\x93': () => this.#pushNameOf(this.#popMany(2)), // STACK_GLOBAL
    '}': () => this.#stack.push({ kind: 'dictionary', entries: new Map() }), // EMPTY_DICT
    ']': () => this.#pushSequence([]), // EMPTY_LIST
    ')': () => this.#pushSequence([]), // EMPTY_TUPLE
    '\x85': () => this.#pushSequence(this.#popMany(1)), // TUPLE1
    '\x86': () => this.#pushSequence(this.#popMany(2)), // TUPLE2
    '\x87': () => this.#pushSequence(this.#popMany(3)), // TUPLE3
    t: () => this.#pushSequence(this.#popToMark()), // TUPLE
    a: () => this.#append(this.#popMany(1)), // APPEND
    e: () => this.#append(this.#popToMark()), // APPENDS
    s: () => this.#setItems(this.#popMany(2)), // SETITEM
    u: () => this.#setItems(this.#popToMark()), // SETITEMS
    Q: () => this.#pushStorage(asTorch(this.#pop(), 'sequence').items), // BINPERSID
    R: () => this.#reduce(), // REDUCE
    b: () => void this.#pop(), // BUILD: versions of modules, which nothing here needs
    q: () => this.#memo.set(this.#byte(), this.#top()), // BINPUT
    r: () => this.#memo.set(this.take(4).readUInt32LE(), this.#top()), // LONG_BINPUT
    '\x94': () => this.#memo.set(this.#memo.size, this.#top()), // MEMOIZE
    h: () => this.#recall(this.#byte()), // BINGET
    j: () => this.#recall(this.take(4).readUInt32LE()), // LONG_BINGET
  }

  #byte(): number {
    return this.take(1).readUInt8()
  }

  #line(): string {
    const end = this.#file.indexOf(0x0a, this.position)
    if (end < 0 || end - this.position > 200) throw new GivenWeightsError('a name in its pickle is too long')
    const text = this.#file.toString('latin1', this.position, end)
    this.position = end + 1
    return text
  }

  #checkProtocol(protocol: number): void {
    if (protocol > NEWEST_PROTOCOL) throw new GivenWeightsError(`its pickle is of protocol ${protocol}`)
  }

  #pushText(length: number): void {
    this.#stack.push(this.take(length).toString('utf8'))
  }

  /** PyTorch's magic number has ten bytes; what else is as long is no number that a tensor has. */
  #pushLong(bytes: Buffer): void {
    this.#stack.push(
      bytes.length > 6 ? Number.NaN : bytes.length === 0 ? 0 : bytes.readIntLE(0, bytes.length),
    )
  }

  #pushSequence(items: TorchValue[]): void {
    this.#stack.push({ kind: 'sequence', items })
  }

  #pushName(module: string, name: string): void {
    const full = `${module} ${name}`
    if (!NAMES.has(full) && !STORAGE.test(full))
      throw new GivenWeightsError(
        `its pickle asks for ${quoted(`${module}.${name}`)}, which is refused; save the model’s state_dict() alone`,
      )
    this.#stack.push({ kind: 'name', name: full })
  }

  #pushNameOf([module, name]: TorchValue[]): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new GivenWeightsError('a name in its pickle is no text')
    this.#pushName(module, name)
  }

  #pushStorage([tag, type, key, , elements]: TorchValue[]): void {
    if (tag !== 'storage' || typeof key !== 'string')
      throw new GivenWeightsError('its pickle refers to something else than a storage')
    const { name } = asTorch(type, 'name')
    this.#stack.push({ kind: 'storage', key, type: name, elements: asCount(elements) })
  }

  /** A dictionary, or a tensor on a storage; nothing else is ever made so. */
  #reduce(): void {
    const [callee, argument] = this.#popMany(2)
    const { name } = asTorch(callee, 'name')
    const { items } = asTorch(argument, 'sequence')
    if (name === 'collections OrderedDict') {
      if (items.length > 0) throw new GivenWeightsError('a dictionary in its pickle is not made empty')
      this.#stack.push({ kind: 'dictionary', entries: new Map() })
    } else if (name === 'torch Size') this.#stack.push(asTorch(items[0], 'sequence'))
    else if (name === 'torch._utils _rebuild_parameter') this.#stack.push(asTorch(items[0], 'tensor'))
    else if (name.startsWith('torch._utils _rebuild_tensor')) {
      const [storage, offset, shape, strides] = items
      this.#stack.push({
        kind: 'tensor',
        storage: asTorch(storage, 'storage'),
        offset: asCount(offset),
        shape: asCounts(shape),
        strides: asCounts(strides),
      })
    } else throw new GivenWeightsError('its pickle makes something else than a tensor')
  }

  #pop(): TorchValue {
    const item = this.#stack.pop()
    if (item === undefined || item === MARK) throw new GivenWeightsError('a value is missing in its pickle')
    return item
  }

  #top(): TorchValue {
    const item = this.#stack.at(-1)
    if (item === undefined || item === MARK) throw new GivenWeightsError('a value is missing in its pickle')
    return item
  }

  #popMany(count: number): TorchValue[] {
    return Array.from({ length: count }, () => this.#pop()).reverse()
  }

  #popToMark(): TorchValue[] {
    const at = this.#stack.lastIndexOf(MARK)
    if (at < 0) throw new GivenWeightsError('a mark is missing in its pickle')
    const items = this.#stack.splice(at + 1) as TorchValue[]
    this.#stack.pop()
    return items
  }

  #append(items: TorchValue[]): void {
    const list = asTorch(this.#top(), 'sequence')
    for (const item of items) list.items.push(item)
  }

  #setItems(items: TorchValue[]): void {
    const dictionary = asTorch(this.#top(), 'dictionary')
    for (let i = 0; i + 1 < items.length; i += 2) {
      const [key, value = null] = items.slice(i, i + 2)
      // An optimizer's state is numbered; no tensor of a model is.
      if (typeof key !== 'string' && typeof key !== 'number')
        throw new GivenWeightsError('a key in its pickle is no text')
      dictionary.entries.set(String(key), value)
    }
  }

  #recall(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw new GivenWeightsError('its pickle refers to a value that it does not have')
    this.#stack.push(value)
  }
}
