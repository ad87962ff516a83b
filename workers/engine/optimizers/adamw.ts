// biome-ignore-all lint/style/noNonNullAssertion: an optimizer is given the slots and the scalars that it
// declares

import type { OptimizerSettings } from '../../../contract/recipes/recipe.ts'
import { tf } from '../tensorflow.ts'
import { biasCorrections, MOMENTS, updateMoments } from './adam.ts'
import type { Optimizer } from './optimizer.ts'

type AdamWSettings = Extract<OptimizerSettings, { kind: 'ADAMW' }>

/**
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2) as in PyTorch: kernels first shrink by learningRate ·
 * weightDecay, then all weights take an Adam step with moments of the gradient alone.
 */
export const adamW: Optimizer<AdamWSettings> = {
  slots: MOMENTS,
  scalarsAt: (settings, learningRate, update) => [
    ...biasCorrections(settings, learningRate, update),
    1 - learningRate * settings.weightDecay,
  ],
  next({ weight, gradient, slots, decays }, scalars, settings) {
    const { change, moments } = updateMoments(gradient, slots, scalars, settings)
    const kept = decays && settings.weightDecay > 0 ? tf.mul(weight, scalars[2]!) : weight
    return { weight: tf.sub(kept, change), slots: moments }
  },
}
