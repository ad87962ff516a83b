import { z } from 'zod'
import { decodeFloats, FLOAT_BYTES, type FloatType } from './floats.ts'
import { addTensor, type GivenWeights, GivenWeightsError, quoted, sizeOf } from './given-weights.ts'

const LENGTH_BYTES = 8
const MAX_HEADER_BYTES = 16 * 1024 * 1024
/** What counts batches or the like, and is no weight. */
const INTEGER_TYPES = new Set(['I64', 'I32', 'I16', 'I8', 'U8', 'BOOL', 'U16', 'U32', 'U64'])

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})
const Header = z.record(z.string(), z.unknown())
const Classes = z.array(z.string()).min(1)

/** A file of the safetensors format, of a stranger. */
export function readSafetensors(file: Buffer): GivenWeights {
  const { header, start } = readHeader(file)
  const { __metadata__: metadata, ...entries } = header
  const weights: GivenWeights = { form: 'SAFETENSORS', tensors: new Map(), classes: classesOf(metadata) }
  for (const [name, value] of Object.entries(entries)) {
    const parsed = Entry.safeParse(value)
    if (!parsed.success) throw new GivenWeightsError(`the header’s entry ${quoted(name)} is not well-formed`)
    const { dtype, shape, data_offsets } = parsed.data
    if (INTEGER_TYPES.has(dtype)) continue
    if (!(dtype in FLOAT_BYTES))
      throw new GivenWeightsError(`the tensor ${quoted(name)} is of the type ${quoted(dtype)}, not of floats`)
    const type = dtype as FloatType
    const [begin, end] = data_offsets.map((offset) => start + offset) as [number, number]
    if (end > file.length || end - begin !== sizeOf(name, shape) * FLOAT_BYTES[type])
      throw new GivenWeightsError(`the tensor ${quoted(name)} is not where the header says`)
    addTensor(weights, name, { shape, read: () => decodeFloats(file.subarray(begin, end), type) })
  }
  return weights
}

export function isSafetensors(file: Buffer): boolean {
  return file.length > LENGTH_BYTES && file[LENGTH_BYTES] === 0x7b && file.readUInt32LE(4) === 0
}

function readHeader(file: Buffer): { header: Record<string, unknown>; start: number } {
  const length = Number(file.readBigUInt64LE())
  const start = LENGTH_BYTES + length
  if (length > MAX_HEADER_BYTES || start > file.length)
    throw new GivenWeightsError('its header is cut off, or longer than any model’s')
  try {
    return { header: Header.parse(JSON.parse(file.toString('utf8', LENGTH_BYTES, start))), start }
  } catch {
    throw new GivenWeightsError('its header is no JSON object')
  }
}

/** Our own files tell their classes. */
function classesOf(metadata: unknown): string[] | null {
  const told = z.object({ classes: z.string() }).safeParse(metadata)
  if (!told.success) return null
  try {
    return Classes.parse(JSON.parse(told.data.classes))
  } catch {
    return null
  }
}
