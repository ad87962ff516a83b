import { isKind } from '../../../pickle/pickle-values.ts'
import { decodeFloats, FLOAT_BYTES, type FloatType } from '../floats.ts'
import { addTensor, type GivenWeights, GivenWeightsError, quoted, sizeOf } from '../given-weights.ts'
import { withPickles } from './torch-pickle.ts'
import { itemsOf, type TorchDictionary, type TorchTensor, type TorchValue } from './torch-values.ts'

const FLOAT_STORAGES: Record<string, FloatType> = {
  'torch FloatStorage': 'F32',
  'torch DoubleStorage': 'F64',
  'torch HalfStorage': 'F16',
  'torch BFloat16Storage': 'BF16',
}
/** Under which a training's checkpoint has the model's dictionary, the one to prefer first. */
const MODEL_KEYS = ['state_dict_ema', 'model_ema', 'state_dict', 'model_state_dict', 'model', 'net']
const STORAGE_BYTES: Record<string, number> = {
  ...{ Long: 8, Int: 4, Short: 2, Char: 1, Byte: 1, Bool: 1, ComplexFloat: 8, ComplexDouble: 16 },
}
const MAX_DEPTH = 3
/** PyTorch's 0x1950a86a20f9469cfc6c, which begins files of the form before 1.6. */
const LEGACY_MAGIC = Buffer.from('8a0a6cfc9c46f9206aa850192e', 'hex')

type FindStorage = (key: string) => Uint8Array | undefined

export function isLegacyTorch(file: Buffer): boolean {
  return file.subarray(2, 2 + LEGACY_MAGIC.length).equals(LEGACY_MAGIC)
}

/** A state_dict as `torch.save` wrote it before PyTorch 1.6: pickles, then the storages one after the other. */
export function readLegacyTorch(file: Buffer): GivenWeights {
  return withPickles(file, (pickle, bytes) => {
    for (const _ of ['magic number', 'protocol', 'system']) pickle.read()
    const found = pickle.read()
    const widths = widthsOf(found)
    const storages = new Map<string, Uint8Array>()
    for (const key of itemsOf(pickle.read())) {
      const width = typeof key === 'string' ? widths.get(key) : undefined
      if (typeof key !== 'string' || width === undefined)
        throw new GivenWeightsError('a storage in it belongs to no tensor')
      const elements = Number(bytes.take(8).readBigInt64LE())
      if (!(elements >= 0)) throw new GivenWeightsError('a storage in it has no length')
      storages.set(key, bytes.take(elements * width))
    }
    return collect(found, (key) => storages.get(key))
  })
}

/** A state_dict of PyTorch 1.6 and later: a zip with a pickle, `data.pkl`, and a file for each storage. */
export function readZippedTorch(files: ReadonlyMap<string, Uint8Array>): GivenWeights {
  const name = [...files.keys()].find((path) => path.endsWith('/data.pkl'))
  const bytes = name === undefined ? undefined : files.get(name)
  if (name === undefined || !bytes) throw new GivenWeightsError('it has no data.pkl')
  const folder = name.slice(0, -'data.pkl'.length)
  const found = withPickles(Buffer.from(bytes), (pickle) => pickle.read())
  return collect(found, (key) => files.get(`${folder}data/${key}`))
}

function collect(found: TorchValue, find: FindStorage): GivenWeights {
  const weights: GivenWeights = { form: 'PYTORCH', tensors: new Map(), classes: null }
  for (const [name, value] of modelOf(found).entries) {
    if (!isKind(value, 'tensor')) continue
    const type = FLOAT_STORAGES[value.storage.type]
    if (!type) continue
    const bytes = find(value.storage.key)
    if (!bytes) throw new GivenWeightsError(`the numbers of ${quoted(name)} are not in it`)
    const { shape } = value
    requireInside(name, value, bytes.byteLength / FLOAT_BYTES[type])
    addTensor(weights, name, { shape, read: () => gather(value, bytes, type) })
  }
  return weights
}

/** The dictionary that has the tensors: the file's own, or the model's in a training's checkpoint. */
function modelOf(found: TorchValue, depth = 0): TorchDictionary {
  if (!isKind(found, 'dictionary') || depth > MAX_DEPTH)
    throw new GivenWeightsError('it is no dictionary of tensors')
  if ([...found.entries.values()].some((value) => isKind(value, 'tensor'))) return found
  for (const key of MODEL_KEYS) {
    const inner = found.entries.get(key)
    if (inner !== undefined && isKind(inner, 'dictionary')) return modelOf(inner, depth + 1)
  }
  return found
}

function requireInside(name: string, { offset, shape, strides }: TorchTensor, elements: number): void {
  const size = sizeOf(name, shape)
  const last = shape.reduce((at, length, axis) => at + (length - 1) * (strides[axis] ?? Number.NaN), offset)
  if (strides.length !== shape.length || size > elements || (size > 0 && !(last < elements)))
    throw new GivenWeightsError(`the tensor ${quoted(name)} is larger than its storage`)
}

function gather({ offset, shape, strides }: TorchTensor, bytes: Uint8Array, type: FloatType): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1)
  const width = FLOAT_BYTES[type]
  const rowMajor = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  if (rowMajor.every((stride, axis) => stride === strides[axis] || (shape[axis] as number) < 2))
    return decodeFloats(bytes.subarray(offset * width, (offset + size) * width), type)
  // Of the storage, which any number of small tensors may share, no more than the tensor's own.
  const own = new Uint8Array(size * width)
  for (let i = 0; i < size; i++) {
    let at = offset
    for (const [axis, length] of shape.entries())
      at += (Math.floor(i / (rowMajor[axis] as number)) % length) * (strides[axis] as number)
    own.set(bytes.subarray(at * width, (at + 1) * width), i * width)
  }
  return decodeFloats(own, type)
}

/** Bytes of an element of every storage that a value refers to. */
function widthsOf(value: TorchValue, widths = new Map<string, number>()): Map<string, number> {
  const seen = new Set<TorchValue>()
  const waiting = [value]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (isKind(next, 'tensor')) waiting.push(next.storage)
    else if (isKind(next, 'dictionary')) for (const entry of next.entries.values()) waiting.push(entry)
    else if (isKind(next, 'tuple') || isKind(next, 'list')) for (const item of next.items) waiting.push(item)
    else if (isKind(next, 'storage')) widths.set(next.key, widthOf(next.type))
  }
  return widths
}

function widthOf(type: string): number {
  const float = FLOAT_STORAGES[type]
  const width = float
    ? FLOAT_BYTES[float]
    : STORAGE_BYTES[type.replace(/^torch /, '').replace(/Storage$/, '')]
  if (!width) throw new GivenWeightsError(`it has a storage of the type ${quoted(type)}`)
  return width
}
