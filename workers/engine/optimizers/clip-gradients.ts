import { type Tensor, tf } from '../tensorflow.ts'

/**
 * Scales the gradients of one student so that the Euclidean norm over all of them is at most `maxNorm`, as PyTorch's
 * clip_grad_norm_: by min(1, maxNorm / (norm + 1e-6)).
 */
export function clipGradients(gradients: Tensor[], maxNorm: number): Tensor[] {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)))
  const norm = tf.sqrt(tf.addN(squares))
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1)
  return gradients.map((gradient) => tf.mul(gradient, factor))
}
