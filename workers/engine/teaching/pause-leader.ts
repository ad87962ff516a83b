import { type Tensor, tf } from '../tensorflow.ts'
import { batchMean } from './divergences.ts'

/** So that two students without any error do not divide by nothing. */
const LEAST_DISTANCE = 1e-12

/**
 * The switch of SwitOKD (Qian et al., ECCV 2022, section 3): a teacher t waits in the steps in which its distillation gap
 * G = ‖p_s - p_t‖₁ to the student s is above the adaptive threshold
 * δ = ‖p_s - y‖₁ - exp(-‖p_t - y‖₁ / (‖p_s - y‖₁ + ‖p_t - y‖₁)) · ‖p_t - y‖₁; all norms are means over the batch.
 *
 * There the teacher is the larger network. Here it is, in each step, the student nearest to the labels, and s the one
 * farthest from them, so that students of any number and size can be peers. Whoever waits still teaches.
 *
 * @param logits [batch, classes] of each student at the start of the step
 * @param labels [batch, classes], one-hot or mixed
 * @returns for each student a truth value, whether it learns in this step
 */
export function whoLearns(logits: Tensor[], labels: Tensor, temperature: number): Tensor[] {
  const posteriors = logits.map((own) => tf.exp(tf.logSoftmax(tf.mul(own, 1 / temperature))))
  const distances = tf.stack(posteriors.map((posterior) => distance(posterior, labels)))
  const [leader, last] = [tf.argMin(distances), tf.argMax(distances)]
  const all = tf.stack(posteriors)
  const gap = distance(tf.gather(all, leader as never), tf.gather(all, last as never))
  const [least, most] = [tf.min(distances), tf.max(distances)]
  const ratio = tf.div(least, tf.maximum(tf.add(most, least), LEAST_DISTANCE))
  const threshold = tf.sub(most, tf.mul(tf.exp(tf.neg(ratio)), least))
  const waits = tf.cast(tf.greater(gap, threshold), 'float32')
  return logits.map((_, k) => {
    const leads = tf.cast(tf.equal(leader, tf.scalar(k, leader.dtype as 'int32')), 'float32')
    return tf.less(tf.mul(leads, waits), 0.5)
  })
}

function distance(a: Tensor, b: Tensor): Tensor {
  return batchMean(tf.sum(tf.abs(tf.sub(a, b)), -1))
}
