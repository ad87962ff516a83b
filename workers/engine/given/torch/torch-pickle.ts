/** What `torch.save` writes of a dictionary of tensors. */
import { PickleMachine } from '../../../pickle/pickle-machine.ts'
import { PickleError, type PickleSource } from '../../../pickle/pickle-source.ts'
import { asKind } from '../../../pickle/pickle-values.ts'
import { GivenWeightsError } from '../given-weights.ts'
import { asCount, asCounts, itemsOf, type TorchMade, type TorchValue } from './torch-values.ts'

const MAX_NAME_LENGTH = 200

const STORAGE = /^torch [A-Za-z0-9]{1,20}Storage$/
const NAMES = new Set([
  'collections OrderedDict',
  'torch._utils _rebuild_tensor_v2',
  'torch._utils _rebuild_tensor',
  'torch._utils _rebuild_parameter',
  'torch Size',
])

/** A file in memory, and where one is in it. */
export class TorchBytes implements PickleSource {
  readonly #file: Buffer
  #position = 0

  constructor(file: Buffer) {
    this.#file = file
  }

  take(length: number): Buffer {
    const end = this.#position + length
    if (!(end <= this.#file.length)) throw new PickleError('it ends too early')
    const bytes = this.#file.subarray(this.#position, end)
    this.#position = end
    return bytes
  }

  line(): string {
    const end = this.#file.indexOf(0x0a, this.#position)
    if (end < 0 || end - this.#position > MAX_NAME_LENGTH) throw new PickleError('a name in it is too long')
    return this.take(end + 1 - this.#position)
      .toString('latin1')
      .slice(0, -1)
  }
}

/**
 * Reads with a pickle of PyTorch's.
 * @throws GivenWeightsError where it is anything else than what a dictionary of tensors takes
 */
export function withPickles<Read>(
  file: Buffer,
  read: (pickle: TorchPickle, bytes: TorchBytes) => Read,
): Read {
  const bytes = new TorchBytes(file)
  try {
    return read(new TorchPickle(bytes), bytes)
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    throw new GivenWeightsError(`its pickle cannot be read: ${error.message}`)
  }
}

export class TorchPickle extends PickleMachine<TorchMade> {
  readonly #bytes: TorchBytes
  protected readonly fileKind = 'dictionary of tensors'
  protected override readonly advice = '; save the model’s state_dict() alone'

  constructor(bytes: TorchBytes) {
    super(bytes)
    this.#bytes = bytes
  }

  protected readonly ownOpcodes: Record<string, () => void> = {
    G: () => this.push(this.#bytes.take(8).readDoubleBE()), // BINFLOAT
    Q: () => this.#pushStorage(asKind(this.pop(), 'tuple').items), // BINPERSID
  }

  protected nameOf(module: string, name: string): string | undefined {
    const full = `${module} ${name}`
    return NAMES.has(full) || STORAGE.test(full) ? full : undefined
  }

  /** A dictionary, or a tensor on a storage; nothing else is ever made. */
  protected make(name: string, given: TorchValue[]): TorchValue {
    const [first, offset, shape, strides] = given
    if (name === 'collections OrderedDict') {
      if (given.length > 0) throw new PickleError('a dictionary in it is not made empty')
      return { kind: 'dictionary', entries: new Map() }
    }
    if (name === 'torch Size') return { kind: 'tuple', items: itemsOf(first) }
    if (name === 'torch._utils _rebuild_parameter') return asKind(first ?? null, 'tensor')
    if (!name.startsWith('torch._utils _rebuild_tensor'))
      throw new PickleError('it makes something else than a tensor')
    const storage = asKind(first ?? null, 'storage')
    return {
      ...{ kind: 'tensor', storage, offset: asCount(offset) },
      ...{ shape: asCounts(shape), strides: asCounts(strides) },
    }
  }

  /** Versions of modules, which nothing here needs. */
  protected build(): void {}

  protected textOf(length: number): TorchValue {
    return this.#bytes.take(length).toString('utf8')
  }

  /** PyTorch's magic number has ten bytes; what else is as long is no number that a tensor has. */
  protected longOf(bytes: Buffer): number {
    return bytes.length > 6 ? Number.NaN : bytes.length === 0 ? 0 : bytes.readIntLE(0, bytes.length)
  }

  protected keyOf(value: TorchValue | undefined): string {
    // An optimizer's state is numbered; no tensor of a model is.
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new PickleError('a key in it is no text')
    return String(value)
  }

  #pushStorage([tag, type, key, , elements]: TorchValue[]): void {
    if (tag !== 'storage' || typeof key !== 'string')
      throw new PickleError('it refers to something else than a storage')
    const { name } = asKind(type ?? null, 'name')
    this.push({ kind: 'storage', key, type: name, elements: asCount(elements) })
  }
}
