// biome-ignore-all lint/style/noNonNullAssertion: an optimizer is given the slots and the scalars that it
// declares

import type { OptimizerSettings } from '../../../contract/recipes/recipe.ts'
import { tf } from '../tensorflow.ts'
import type { Optimizer } from './optimizer.ts'
import { addDecay } from './weight-decay.ts'

type SgdSettings = Extract<OptimizerSettings, { kind: 'SGD' }>

/**
 * Stochastic gradient descent as in PyTorch's SGD, without dampening:
 *   g <- gradient + weightDecay · w        (on kernels only)
 *   v <- momentum · v + g
 *   w <- w - learningRate · (nesterov ? g + momentum · v : v)
 */
export const sgd: Optimizer<SgdSettings> = {
  slots: ['velocity'],
  scalarsAt: (_, learningRate) => [learningRate],
  next(step, [learningRate], { momentum, nesterov, weightDecay }) {
    const gradient = addDecay(step, weightDecay)
    const velocity = momentum > 0 ? tf.add(tf.mul(step.slots[0]!, momentum), gradient) : gradient
    const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity
    return { weight: tf.sub(step.weight, tf.mul(direction, learningRate!)), slots: [velocity] }
  },
}
