/**
 * The losses of Deep Mutual Learning (Zhang et al., arXiv 1706.00384). Those that take logits [batch, classes] return a
 * scalar in nats, summed over the classes and averaged over the batch.
 */
import type { Divergence } from '../../../contract/cohort.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/** Equation 2: cross-entropy with targets [batch, classes], which are one-hot or smoothed labels. */
export function labelLoss(targets: Tensor, logits: Tensor): Tensor {
  return tf.neg(batchMean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)))
}

/**
 * One-hot labels with a share spread evenly over all classes, including the true one (Szegedy et al. 2016,
 * section 7).
 * @param labels int32, [batch]
 */
export function smoothedLabels(labels: Tensor, classes: number, smoothing: number): Tensor {
  const spread = smoothing / classes
  return tf.oneHot(labels as never, classes, 1 - smoothing + spread, spread, 'float32')
}

/** Equation 3: KL(p || q) = Σ p · (log p - log q), for log-posteriors. */
export function klDivergence(logP: Tensor, logQ: Tensor): Tensor {
  return batchMean(tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1))
}

/**
 * How far the student's posterior q is from the target p. SYMMETRIC_KL is ½ (KL(p || q) + KL(q || p)), with which section
 * 2.2 of the paper compares KL. The target is a constant in both directions, as in Algorithm 1, where each student's
 * update follows the gradient with respect to its own weights alone.
 */
function divergenceOf(logP: Tensor, logQ: Tensor, divergence: Divergence): Tensor {
  if (divergence === 'KL') return klDivergence(logP, logQ)
  // ½ Σ (p - q) · (log p - log q) is the same, and leaves TensorFlow no sum to rearrange in a graph.
  const products = tf.mul(tf.sub(tf.exp(logP), tf.exp(logQ)), tf.sub(logP, logQ))
  return tf.mul(batchMean(tf.sum(products, -1)), 0.5)
}

/** How posteriors are compared. */
export interface Comparison {
  temperature: number
  divergence: Divergence
}

/**
 * Equation 4 without the label loss: 1/(K-1) · Σ_j KL(p_j || p_k) over the peers. With a temperature T both
 * sides are softened and the sum is multiplied by T² to preserve the magnitude of the gradient (Hinton et al.
 * 2015, section 2).
 */
export function mutualLoss(
  peersLogits: Tensor[],
  logits: Tensor,
  { temperature, divergence }: Comparison,
): Tensor {
  const logQ = softened(logits, temperature)
  const divergences = peersLogits.map((peer) => divergenceOf(softened(peer, temperature), logQ, divergence))
  return tf.mul(tf.addN(divergences), temperature ** 2 / peersLogits.length)
}

/**
 * Distillation (Hinton et al. 2015, section 2): the target is the frozen teacher's softened posterior, and T²
 * preserves the magnitude of the gradient. Equals equation 4 with the teacher as the only peer.
 */
export function distillationLoss(teacherLogits: Tensor, logits: Tensor, comparison: Comparison): Tensor {
  return mutualLoss([teacherLogits], logits, comparison)
}

/** About the least number that float32 has without losing digits. */
const LEAST_POSTERIOR = 1e-37

/** DML_e: the peers' mean posterior is the single teacher. */
export function ensembleTeacherLoss(
  peersLogits: Tensor[],
  logits: Tensor,
  { temperature, divergence }: Comparison,
): Tensor {
  const posteriors = peersLogits.map((peer) => tf.exp(softened(peer, temperature)))
  const mean = tf.mul(tf.addN(posteriors), 1 / peersLogits.length)
  // Of a class that no peer believes in, all posteriors may round to 0, and its logarithm would end the run as NaN.
  const logMean = tf.log(tf.maximum(mean, LEAST_POSTERIOR))
  return tf.mul(divergenceOf(logMean, softened(logits, temperature), divergence), temperature ** 2)
}

/**
 * Feature matching, with which section 3.6 of the paper compares: 1/(K-1) · Σ_j ‖f_j - f_k‖² / D over the peers' features
 * [batch, D], averaged over the batch; divided by D, so that its weight means the same for networks of any width. The
 * peers' features are constants.
 */
export function featureLoss(peersFeatures: Tensor[], features: Tensor): Tensor {
  // Of all peers in one piece: TensorFlow would rearrange a sum of products in a graph.
  const differences = tf.sub(tf.stack(peersFeatures), features)
  // Image by image first: threads may share a long sum otherwise than in a captured step, and round otherwise.
  const ofImages = tf.sum(tf.square(differences), -1)
  return tf.mul(tf.sum(ofImages), 1 / differences.size)
}

/** Of DML_e: to the peers' mean features. */
export function ensembleFeatureLoss(peersFeatures: Tensor[], features: Tensor): Tensor {
  return featureLoss([tf.mul(tf.addN(peersFeatures), 1 / peersFeatures.length)], features)
}

function softened(logits: Tensor, temperature: number): Tensor {
  return tf.logSoftmax(temperature === 1 ? logits : tf.mul(logits, 1 / temperature))
}

/**
 * Multiplies by 1/n, as everywhere in the step: TensorFlow rewrites divisions in a graph, and the captured
 * step would round differently from the eager one.
 */
function batchMean(perPicture: Tensor): Tensor {
  return tf.mul(tf.sum(perPicture), 1 / perPicture.size)
}
