import { type Tensor, tf } from '../tensorflow.ts'
import type { WeightStep } from './optimizer.ts'

/**
 * Coupled weight decay: adds the gradient of weightDecay/2 · |w|² to the loss's gradient, for kernels only.
 */
export function addDecay({ weight, gradient, decays }: WeightStep, weightDecay: number): Tensor {
  return decays && weightDecay > 0 ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient
}

/** Biases and batch normalisation are excluded: shrinking them does not regularise. */
export function isDecayed(weightName: string, { skipDepthwise }: { skipDepthwise: boolean }): boolean {
  return weightName.endsWith('kernel') && !(skipDepthwise && weightName.endsWith('depthwise_kernel'))
}
