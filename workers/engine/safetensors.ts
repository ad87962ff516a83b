/**
 * The safetensors format: the header's length as a little-endian uint64, the header as JSON, then the
 * tensors' bytes. `__metadata__` maps strings to strings.
 */
export interface NamedTensor {
  name: string
  shape: readonly number[]
  /** Row-major. */
  values: Float32Array
}

export interface SafetensorsFile {
  tensors: NamedTensor[]
  metadata: Record<string, string>
}

interface HeaderEntry {
  dtype: 'F32'
  shape: readonly number[]
  data_offsets: [begin: number, end: number]
}

const LENGTH_BYTES = 8
/** Readers may map the file into memory, so the data starts at an aligned offset. */
const ALIGNMENT_BYTES = 8

export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Buffer {
  let end = 0
  const placed = tensors.map(({ name, shape, values }) => {
    const begin = end
    end += values.byteLength
    const entry: HeaderEntry = { dtype: 'F32', shape, data_offsets: [begin, end] }
    return { begin, values, entry: [name, entry] as const }
  })
  const entries = placed.map(({ entry }) => entry)
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) })
  const header = Buffer.from(json)
  const headerLength = Math.ceil(header.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
  const start = LENGTH_BYTES + headerLength
  const file = Buffer.allocUnsafeSlow(start + end)
  file.writeBigUInt64LE(BigInt(headerLength))
  header.copy(file, LENGTH_BYTES)
  file.fill(' ', LENGTH_BYTES + header.length, start)
  for (const { begin, values } of placed)
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start + begin)
  return file
}

/** @throws if the header cannot be read, or the data is shorter than it states */
export function decodeSafetensors(file: Buffer): SafetensorsFile {
  const start = LENGTH_BYTES + Number(file.readBigUInt64LE())
  if (start > file.length) throw new Error('the header is cut off')
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(file.toString('utf8', LENGTH_BYTES, start))
  const tensors = Object.entries(entries as Record<string, HeaderEntry>).map(
    ([name, { dtype, shape, data_offsets }]) => {
      if (dtype !== 'F32') throw new Error(`the tensor ${name} is of the type ${dtype}, not F32`)
      const [begin, end] = data_offsets.map((offset) => start + offset) as [number, number]
      if (end > file.length) throw new Error(`the tensor ${name} is cut off`)
      // Copied, because the data may not be aligned in the file's buffer.
      const bytes = Uint8Array.prototype.slice.call(file, begin, end)
      return { name, shape, values: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) }
    },
  )
  return { tensors, metadata }
}
