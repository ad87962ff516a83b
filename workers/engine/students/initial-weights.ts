import { createGenerator } from '../random.ts'

/**
 * Initial values of a weight, or undefined if the layer's default zeros or ones are right (biases and batch
 * normalisation). Kernels are normal with variance 2 / fan-in (He et al. 2015, equation 10), or 1 / fan-in in
 * the final linear layer, which no ReLU follows.
 * @param name layer and weight, such as `stem/kernel`
 * @param key identifies the student; the weight's name is added, so that no two weights share a random stream
 */
export function drawInitialWeight(
  name: string,
  shape: number[],
  key: (string | number)[],
): Float32Array | undefined {
  if (!name.endsWith('kernel')) return undefined
  // In a depthwise kernel [height, width, channels, multiplier] each output depends on a single channel.
  const inputs = name.endsWith('/depthwise_kernel') ? shape.slice(0, 2) : shape.slice(0, -1)
  const deviation = Math.sqrt((shape.length === 4 ? 2 : 1) / sizeOf(inputs))
  const { normal } = createGenerator('initial weights', ...key, name)
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * normal())
}

function sizeOf(shape: number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
