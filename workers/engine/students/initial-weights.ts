import { createGenerator } from '../random.ts'

/**
 * Values for a weight by the last part of its name, or undefined where the layer's own zeros and ones are right (biases
 * and batch normalisation). Kernels are normal with variance 2 / fan-in (He et al. 2015, equation 10); the last,
 * linear layer's with 1 / fan-in, since no ReLU halves what it passes on.
 * @param name layer and weight, such as `stem/kernel`
 * @param key of the student; the weight's name is added, so that no two weights share a stream
 */
export function drawInitialWeight(
  name: string,
  shape: number[],
  key: (string | number)[],
): Float32Array | undefined {
  if (!name.endsWith('/kernel')) return undefined
  const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1)
  const deviation = Math.sqrt((shape.length === 4 ? 2 : 1) / fanIn)
  const { normal } = createGenerator('initial weights', ...key, name)
  const size = fanIn * (shape.at(-1) ?? 1)
  return Float32Array.from({ length: size }, () => deviation * normal())
}
