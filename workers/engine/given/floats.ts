import { GivenWeightsError } from './given-weights.ts'

export const FLOAT_BYTES = { F32: 4, F64: 8, F16: 2, BF16: 2 } as const
export type FloatType = keyof typeof FLOAT_BYTES

/** Little-endian floats of any width as float32. @throws GivenWeightsError if the bytes are no whole number of them */
export function decodeFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  if (bytes.byteLength % FLOAT_BYTES[type] !== 0) throw new GivenWeightsError('a tensor in it is cut off')
  // Copied, because the bytes may not be aligned in their buffer.
  const { buffer } = Uint8Array.from(bytes)
  switch (type) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F64':
      return Float32Array.from(new Float64Array(buffer))
    case 'BF16':
      return decodeBfloat16(new Uint16Array(buffer))
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), decodeHalf)
  }
}

/** The upper half of a float32. */
function decodeBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
}

function decodeHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
