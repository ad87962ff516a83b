/** Keras' HDF5 files: weights of `model.save('….h5')` and `….weights.h5`, and those inside a `.keras`. */
import type { Dataset, Group } from 'h5wasm'
import { addTensor, type GivenWeights, GivenWeightsError, quoted, sizeOf } from './given-weights.ts'

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')
/** In the compiled library's own memory, where no path leads to a disk. */
const FILE = 'given.h5'
const MAX_DEPTH = 12
const MAX_ENTRIES = 100_000

/** Keras 3 numbers a layer's variables, in the order of its class. */
const NUMBERED: Record<number, Record<string, string[]>> = {
  1: { depthwise_conv2d: ['depthwise_kernel'], other: ['kernel'] },
  2: {
    batch_normalization: ['moving_mean', 'moving_variance'],
    depthwise_conv2d: ['depthwise_kernel', 'bias'],
    other: ['kernel', 'bias'],
  },
  // Counter and seed come after those of a normalisation that is adapted.
  3: { normalization: ['mean', 'variance', 'count'] },
  4: { batch_normalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'] },
}

export function isHdf5(file: Buffer): boolean {
  return file.subarray(0, SIGNATURE.length).equals(SIGNATURE)
}

/** Everything is read at once, and the library's memory given back. */
export async function readHdf5(bytes: Buffer): Promise<GivenWeights> {
  const { default: library } = await import('h5wasm')
  const { FS, activate_throwing_error_handler } = await library.ready
  // It would print what it thinks of a damaged file.
  activate_throwing_error_handler()
  FS.writeFile(FILE, bytes)
  let opened: InstanceType<typeof library.File> | undefined
  try {
    opened = new library.File(FILE, 'r')
    return collect(opened)
  } catch (error) {
    if (error instanceof GivenWeightsError) throw error
    throw new GivenWeightsError('the HDF5 in it is damaged')
  } finally {
    closeQuietly(opened)
    FS.unlink(FILE)
  }
}

function closeQuietly(opened: { close(): unknown } | undefined): void {
  try {
    opened?.close()
  } catch {
    // A damaged file may not even close; its memory goes with the process.
  }
}

function collect(root: Group): GivenWeights {
  const weights: GivenWeights = { form: 'KERAS', tensors: new Map(), classes: null }
  let entries = 0
  const visit = (group: Group, path: string[]) => {
    for (const key of group.keys()) {
      if (++entries > MAX_ENTRIES || path.length > MAX_DEPTH)
        throw new GivenWeightsError('the HDF5 in it has more groups than any model')
      // What an optimizer remembers is no weight.
      if (path.length === 0 && /^optimizer/.test(key)) continue
      const entity = group.get(key)
      if (isOfType(entity, 'Group')) visit(entity as Group, [...path, key])
      else if (isOfType(entity, 'Dataset')) take(weights, group, [...path, key], entity as Dataset)
    }
  }
  visit(root, [])
  return weights
}

/** Links to other files, and to nothing, are of other types, and not followed. */
function isOfType(entity: object | null, type: 'Group' | 'Dataset'): boolean {
  return entity !== null && 'type' in entity && entity.type === type
}

function take(weights: GivenWeights, group: Group, path: string[], dataset: Dataset): void {
  const name = nameOf(group, path)
  const { shape, metadata } = dataset
  if (!name || metadata.type !== FLOAT_CLASS || weights.tensors.has(name)) return
  const size = sizeOf(name, shape ?? [])
  const { value } = dataset
  if (!(value instanceof Float32Array || value instanceof Float64Array) || value.length !== size) {
    if (typeof value !== 'number')
      throw new GivenWeightsError(`the tensor ${quoted(name)} is not one of floats`)
    return
  }
  const values = Float32Array.from(value)
  addTensor(weights, name, { shape: shape ?? [], read: () => values })
}

/** HDF5's H5T_FLOAT. */
const FLOAT_CLASS = 1

/** `layer/variable`: what the older form calls it, and in the newer one by the layer's name and the variable's number. */
function nameOf(group: Group, path: string[]): string | undefined {
  const [vars, number] = [path.at(-2), path.at(-1)]
  if (vars !== 'vars') return path.slice(-2).join('/')
  const layer = group.attrs.name?.value
  if (typeof layer !== 'string') return undefined
  const count = group.keys().length
  const kind = (path.at(-3) ?? '').replace(/_\d+$/, '')
  const parts = NUMBERED[count]?.[kind] ?? NUMBERED[count]?.other
  const part = parts?.[Number(number)]
  return part && `${layer}/${part}`
}
