/**
 * The arithmetic of 8-bit integers: a value is scale · (integer - zero point). Values are unsigned, weights signed: so
 * processors multiply them, and ONNX Runtime computes all of it with integers.
 */

/** Of the integers of a value; the least is 0. */
const MOST_VALUE = 255

export interface Range {
  least: number
  most: number
}

export interface Quantization {
  /** A float32. */
  scale: number
  /** From 0 to 255. */
  zeroPoint: number
}

/** For values of a range, which is widened to hold 0: the zeros of padding and of ReLU stay zeros. */
export function quantizationOf({ least, most }: Range): Quantization {
  const [from, to] = [Math.min(0, least), Math.max(0, most)]
  const scale = Math.fround((to - from) / MOST_VALUE) || 1
  return { scale, zeroPoint: within(Math.round(-from / scale), 0, MOST_VALUE) }
}

/** The values that are the least and the most integer. */
export function endsOf({ scale, zeroPoint }: Quantization): Range {
  return { least: -scale * zeroPoint, most: scale * (MOST_VALUE - zeroPoint) }
}

export interface QuantizedKernel {
  values: Int8Array
  /** One for each output channel; the zero points are 0. */
  scales: Float32Array
  /** Of scale · input's scale each. */
  bias: Int32Array | undefined
}

/** Leaves room for what is added to a bias. */
const LARGEST_BIAS = 2 ** 30

/**
 * Rounds a kernel, each output channel by its own largest weight, and the bias to the unit that products have.
 * @param axis  of the kernel along which its output channels lie: the first or the last
 */
export function quantizeKernel(
  { shape, values }: { shape: readonly number[]; values: Float32Array },
  axis: 'FIRST' | 'LAST',
  inputScale: number,
  bias: Float32Array | undefined,
): QuantizedKernel {
  const channels = shape.at(axis === 'FIRST' ? 0 : -1) as number
  const perChannel = values.length / channels
  const channelOf = (i: number) => (axis === 'FIRST' ? Math.floor(i / perChannel) : i % channels)
  const largest = new Float64Array(channels)
  for (let i = 0; i < values.length; i++) {
    const channel = channelOf(i)
    largest[channel] = Math.max(largest[channel] as number, Math.abs(values[i] as number))
  }
  const scales = Float32Array.from(largest, (most, c) => {
    // Where a channel has hardly any weights, its bias would not fit into 32 bits.
    const forBias = Math.abs(bias?.[c] ?? 0) / (inputScale * LARGEST_BIAS)
    return Math.fround(Math.max(most / 127, forBias)) || 1
  })
  const rounded = Int8Array.from(values, (value, i) =>
    within(Math.round(value / (scales[channelOf(i)] as number)), -127, 127),
  )
  return {
    values: rounded,
    scales,
    bias:
      bias && Int32Array.from(bias, (value, c) => Math.round(value / (inputScale * (scales[c] as number)))),
  }
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
