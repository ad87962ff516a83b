import { createGenerator } from '../random.ts'

export interface NoisyWeight {
  /** `layer/weight`. */
  name: string
  shape: readonly number[]
}

/**
 * PLAIN: w + σ·n with n from the standard normal distribution, the paper's section 3.6, on all trained weights.
 * FILTER: w_f + σ·(‖w_f‖ / ‖n_f‖)·n_f for each filter f, on kernels alone (Li et al. 2018, arXiv 1712.09913, section 4).
 * Networks with batch normalisation compute the same with filters of any length, so that plain noise of one strength
 * hits small filters harder; noise in proportion to the filters does not depend on their length.
 */
export type NoiseKind = 'PLAIN' | 'FILTER'

/** @returns the weights with noise that depends on draw and the weight's name alone, the same for twins */
export function withNoise(
  values: Float32Array,
  { name, shape }: NoisyWeight,
  kind: NoiseKind,
  strength: number,
  draw: number,
): Float32Array {
  if (kind === 'FILTER' && shape.length < 2) return values
  const generator = createGenerator('weight noise', name, draw)
  const noise = Float64Array.from(values, () => generator.normal())
  const filters = kind === 'FILTER' ? filtersOf(name, shape) : 0
  const scales = kind === 'FILTER' ? scalesOf(values, noise, filters) : null
  return values.map((value, i) => value + strength * (noise[i] ?? 0) * (scales?.[i % filters] ?? 1))
}

/** Outputs of a kernel, whose index is the fastest one: [height, width, inputs, outputs] or [inputs, outputs]. */
function filtersOf(name: string, shape: readonly number[]): number {
  const last = shape.at(-1) ?? 1
  // A depthwise kernel is [height, width, channels, multiplier], with an output for each pair of the last two.
  return name.endsWith('/depthwise_kernel') ? last * (shape.at(-2) ?? 1) : last
}

/** ‖w_f‖ / ‖n_f‖ by filter. */
function scalesOf(values: Float32Array, noise: Float64Array, filters: number): Float64Array {
  const squares = (all: ArrayLike<number>) => {
    const sums = new Float64Array(filters)
    for (let i = 0; i < all.length; i++) sums[i % filters] = (sums[i % filters] ?? 0) + (all[i] ?? 0) ** 2
    return sums
  }
  const ofNoise = squares(noise)
  return squares(values).map((square, f) => Math.sqrt(square / (ofNoise[f] || 1)))
}
