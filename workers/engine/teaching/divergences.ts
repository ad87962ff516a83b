/** How far a student's posterior is from what it is taught. Log-posteriors are [..., batch, classes]; results are [..., batch], in nats. */
import type { Teaching } from '../../../contract/cohort.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/** How posteriors are compared; see `Teaching`. */
export type Comparison = Pick<
  Teaching,
  'temperature' | 'divergence' | 'standardizesLogits' | 'targetClassWeight' | 'otherClassesWeight'
>

/** Equation 3: KL(p || q) = Σ p · (log p - log q), of each image. */
export function klDivergence(logP: Tensor, logQ: Tensor): Tensor {
  return tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1)
}

/**
 * How far the student's posterior q is from the target p, for each image. SYMMETRIC_KL is ½ (KL(p || q) + KL(q || p)), with which section
 * 2.2 of the paper compares KL. The target is a constant in both directions, as in Algorithm 1, where each student's
 * update follows the gradient with respect to its own weights alone.
 * @param truth one-hot [batch, classes], each image's class; of DECOUPLED_KL alone
 */
export function divergenceOf(logP: Tensor, logQ: Tensor, comparison: Comparison, truth?: Tensor): Tensor {
  if (comparison.divergence === 'KL') return klDivergence(logP, logQ)
  if (comparison.divergence === 'DECOUPLED_KL') return decoupledKl(logP, logQ, truth as Tensor, comparison)
  // ½ Σ (p - q) · (log p - log q) is the same, and leaves TensorFlow no sum to rearrange in a graph.
  const products = tf.mul(tf.sub(tf.exp(logP), tf.exp(logQ)), tf.sub(logP, logQ))
  return tf.mul(tf.sum(products, -1), 0.5)
}

/** Enough below any logit for a class to have the posterior 0, and little enough for float32 to keep the others. */
const EXCLUDED = -1000

/**
 * Decoupled knowledge distillation (Zhao et al., CVPR 2022, equation 7): α · TCKD + β · NCKD. With t the image's class,
 * TCKD = KL over the two events t and not t; NCKD = Σ_i≠t p̂_i · log(p̂_i / q̂_i), with p̂_i = p_i / (1 - p_t), the
 * posterior among the other classes. KL itself is TCKD + (1 - p_t) · NCKD (their equation 5).
 */
function decoupledKl(logP: Tensor, logQ: Tensor, truth: Tensor, weights: Comparison): Tensor {
  const [p, q] = [decouple(logP, truth), decouple(logQ, truth)]
  const term = (a: Tensor, b: Tensor) => tf.mul(tf.exp(a), tf.sub(a, b))
  const target = tf.add(term(p.target, q.target), term(p.rest, q.rest))
  const others = tf.sum(term(p.others, q.others), -1)
  return tf.add(tf.mul(target, weights.targetClassWeight), tf.mul(others, weights.otherClassesWeight))
}

/** @returns log p_t and log(1 - p_t), [batch]; log p̂, [batch, classes] */
function decouple(logP: Tensor, truth: Tensor) {
  const others = tf.logSoftmax(tf.add(logP, tf.mul(truth, EXCLUDED)))
  // log p_i - log p̂_i is log(1 - p_t) for every other class: their mean, which stays finite where p_t rounds to 1.
  const elsewhere = tf.mul(tf.sub(1, truth), 1 / ((truth.shape[1] as number) - 1))
  return {
    target: tf.sum(tf.mul(truth, logP), -1),
    rest: tf.sum(tf.mul(elsewhere, tf.sub(logP, others)), -1),
    others,
  }
}

/** log p at the temperature T, of the logits or of their z-scores. */
export function softened(logits: Tensor, { temperature, standardizesLogits }: Comparison): Tensor {
  if (standardizesLogits) return tf.logSoftmax(standardized(logits, temperature))
  return tf.logSoftmax(temperature === 1 ? logits : tf.mul(logits, 1 / temperature))
}

/** So that equal logits have a gradient. */
const LEAST_VARIANCE = 1e-12

/**
 * Logit standardisation (Sun et al., CVPR 2024, equation 8 and Algorithm 1): Z(z) / T = (z - mean(z)) / (σ(z) · T) for the
 * logits of each image, with σ over its classes and divided by their number. The gradient is written out, since TensorFlow
 * would regroup the factors of the one that follows from the operations, and a captured step would round differently.
 */
export function standardized(logits: Tensor, temperature: number): Tensor {
  const standardize = tf.customGrad((...args) => {
    const [z, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void]
    const centred = tf.sub(z, tf.mean(z, -1, true))
    const variance = tf.maximum(tf.mean(tf.square(centred), -1, true), LEAST_VARIANCE)
    const scale = tf.rsqrt(tf.mul(variance, temperature ** 2))
    const value = tf.mul(centred, scale)
    save([value, scale])
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [score, factor] = saved as [Tensor, Tensor]
      const along = tf.mul(tf.mean(tf.mul(dy, score), -1, true), temperature ** 2)
      return tf.mul(factor, tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), tf.mul(score, along)))
    }
    return { value, gradFunc }
  })
  return standardize(logits)
}

/**
 * Multiplies by 1/n, as everywhere in the step: TensorFlow rewrites divisions in a graph, and the captured
 * step would round differently from the eager one.
 */
export function batchMean(perPicture: Tensor): Tensor {
  return tf.mul(tf.sum(perPicture), 1 / perPicture.size)
}
