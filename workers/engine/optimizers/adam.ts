// biome-ignore-all lint/style/noNonNullAssertion: an optimizer is given the slots and the scalars that it
// declares

import type { OptimizerSettings } from '../../../contract/recipes/recipe.ts'
import { type Tensor, tf } from '../tensorflow.ts'
import type { Optimizer } from './optimizer.ts'
import { addDecay } from './weight-decay.ts'

type AdamSettings = Omit<Extract<OptimizerSettings, { kind: 'ADAM' }>, 'kind'>

export const MOMENTS = ['first_moment', 'second_moment'] as const

/**
 * Adam (Kingma and Ba 2015, Algorithm 1) as in PyTorch, with coupled weight decay; t is the number of the
 * update:
 *   g <- gradient + weightDecay · w                                  (on kernels only)
 *   m <- beta1 · m + (1 - beta1) · g
 *   v <- beta2 · v + (1 - beta2) · g²
 *   w <- w - learningRate / (1 - beta1^t) · m / (√v / √(1 - beta2^t) + epsilon)
 */
export const adam: Optimizer<AdamSettings> = {
  slots: MOMENTS,
  scalarsAt: biasCorrections,
  next(step, scalars, settings) {
    const gradient = addDecay(step, settings.weightDecay)
    const { change, moments } = updateMoments(gradient, step.slots, scalars, settings)
    return { weight: tf.sub(step.weight, change), slots: moments }
  },
}

/** The bias-corrected step size and the factor of √v. */
export function biasCorrections(
  { beta1, beta2 }: AdamSettings,
  learningRate: number,
  update: number,
): [stepSize: number, deviationScale: number] {
  return [learningRate / (1 - beta1 ** update), 1 / Math.sqrt(1 - beta2 ** update)]
}

/** The updated moments, and the amount to subtract from the weight. */
export function updateMoments(
  gradient: Tensor,
  [first, second]: Tensor[],
  [stepSize, deviationScale]: Tensor[],
  { beta1, beta2, epsilon }: AdamSettings,
): { change: Tensor; moments: Tensor[] } {
  // Uses square instead of a product, because TensorFlow regroups products of three in a graph and rounds
  // differently.
  const mean = tf.add(tf.mul(first!, beta1), tf.mul(gradient, 1 - beta1))
  const meanSquare = tf.add(tf.mul(second!, beta2), tf.mul(tf.square(gradient), 1 - beta2))
  const deviation = tf.add(tf.mul(tf.sqrt(meanSquare), deviationScale!), epsilon)
  return { change: tf.div(tf.mul(mean, stepSize!), deviation), moments: [mean, meanSquare] }
}
