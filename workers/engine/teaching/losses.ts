/**
 * The losses of Deep Mutual Learning (Zhang et al., arXiv 1706.00384). Those that take logits [batch, classes] return a
 * scalar in nats, summed over the classes and averaged over the batch.
 */
import type { EnsembleRule } from '../../../contract/cohort.ts'
import { type Tensor, tf } from '../tensorflow.ts'
import { batchMean, type Comparison, divergenceOf, softened } from './divergences.ts'
import { leastLogits, leastLossLogits } from './ensemble-targets.ts'

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

/**
 * Equation 4 without the label loss: 1/(K-1) · Σ_j KL(p_j || p_k) over the peers. With a temperature T both
 * sides are softened and the sum is multiplied by T² to preserve the magnitude of the gradient (Hinton et al.
 * 2015, section 2).
 * @param truth one-hot [batch, classes], of what depends on the images' classes
 */
export function mutualLoss(
  peersLogits: Tensor[],
  logits: Tensor,
  comparison: Comparison,
  truth?: Tensor,
): Tensor {
  // Of all peers in one piece: TensorFlow would rearrange a sum of products in a graph.
  const logP = tf.stack(peersLogits.map((peer) => softened(peer, comparison)))
  const divergences = divergenceOf(logP, softened(logits, comparison), comparison, truth)
  return tf.mul(tf.sum(divergences), comparison.temperature ** 2 / divergences.size)
}

/**
 * Distillation (Hinton et al. 2015, section 2): the target is the frozen teacher's softened posterior, and T²
 * preserves the magnitude of the gradient. Equals equation 4 with the teacher as the only peer.
 */
export function distillationLoss(
  teacherLogits: Tensor,
  logits: Tensor,
  comparison: Comparison,
  truth?: Tensor,
): Tensor {
  return mutualLoss([teacherLogits], logits, comparison, truth)
}

/** About the least number that float32 has without losing digits. */
const LEAST_POSTERIOR = 1e-37

/**
 * DML_e: the peers' mean posterior is the single teacher; or one of KDCL's, of all students' logits, which the caller then
 * gives instead of the peers'.
 */
export function ensembleTeacherLoss(
  sources: Tensor[],
  logits: Tensor,
  comparison: Comparison & { ensembleRule: EnsembleRule },
  truth?: Tensor,
): Tensor {
  const { ensembleRule, temperature } = comparison
  const logP = (() => {
    if (ensembleRule === 'LEAST_LOSS') return softened(leastLossLogits(sources, truth as Tensor), comparison)
    if (ensembleRule === 'LEAST_LOGITS') return softened(leastLogits(sources, truth as Tensor), comparison)
    return logMeanPosterior(sources, comparison)
  })()
  const divergence = divergenceOf(logP, softened(logits, comparison), comparison, truth)
  return tf.mul(tf.sum(divergence), temperature ** 2 / divergence.size)
}

function logMeanPosterior(peersLogits: Tensor[], comparison: Comparison): Tensor {
  const posteriors = peersLogits.map((peer) => tf.exp(softened(peer, comparison)))
  const mean = tf.mul(tf.addN(posteriors), 1 / peersLogits.length)
  // Of a class that no peer believes in, all posteriors may round to 0, and its logarithm would end the run as NaN.
  return tf.log(tf.maximum(mean, LEAST_POSTERIOR))
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
