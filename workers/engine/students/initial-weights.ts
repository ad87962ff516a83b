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
  if (!name.endsWith('kernel')) return undefined
  // Of a depthwise kernel [height, width, channels, multiplier] each channel sees itself alone.
  const inputs = name.endsWith('/depthwise_kernel') ? shape.slice(0, 2) : shape.slice(0, -1)
  const deviation = Math.sqrt((shape.length === 4 ? 2 : 1) / sizeOf(inputs))
  const { normal } = createGenerator('initial weights', ...key, name)
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * normal())
}

function sizeOf(shape: number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
