import { type Tensor, tf } from '../tensorflow.ts'

/**
 * Scales one student's gradients so that their global Euclidean norm is at most `maxNorm`, as PyTorch's
 * clip_grad_norm_ does: by min(1, maxNorm / (norm + 1e-6)).
 */
export function clipGradients(gradients: Tensor[], maxNorm: number): Tensor[] {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)))
  const norm = tf.sqrt(tf.addN(squares))
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1)
  return gradients.map((gradient) => tf.mul(gradient, factor))
}
