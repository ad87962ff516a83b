/**
 * The losses of Deep Mutual Learning (Zhang et al., arXiv 1706.00384). All take logits [batch, classes] and
 * return a scalar in nats, summed over the classes and averaged over the batch.
 */
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
 * Equation 4 without the label loss: 1/(K-1) · Σ_j KL(p_j || p_k) over the peers. With a temperature T both
 * sides are softened and the sum is multiplied by T² to preserve the magnitude of the gradient (Hinton et al.
 * 2015, section 2).
 */
export function mutualLoss(peersLogits: Tensor[], logits: Tensor, temperature: number): Tensor {
  const logQ = softened(logits, temperature)
  const divergences = peersLogits.map((peer) => klDivergence(softened(peer, temperature), logQ))
  return tf.mul(tf.addN(divergences), temperature ** 2 / peersLogits.length)
}

/**
 * Distillation (Hinton et al. 2015, section 2): the target is the frozen teacher's softened posterior, and T²
 * preserves the magnitude of the gradient. Equals equation 4 with the teacher as the only peer.
 */
export function distillationLoss(teacherLogits: Tensor, logits: Tensor, temperature: number): Tensor {
  return mutualLoss([teacherLogits], logits, temperature)
}

/** DML_e: the peers' mean posterior is the single teacher. */
export function ensembleTeacherLoss(peersLogits: Tensor[], logits: Tensor, temperature: number): Tensor {
  const posteriors = peersLogits.map((peer) => tf.exp(softened(peer, temperature)))
  const logMean = tf.log(tf.mul(tf.addN(posteriors), 1 / peersLogits.length))
  return tf.mul(klDivergence(logMean, softened(logits, temperature)), temperature ** 2)
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
