/**
 * Teachers made of all students' logits, each [batch, classes], by the images' classes: KDCL (Guo et al., CVPR 2020,
 * section 3.2). Its linear ensemble, whose weights are found by optimisation, and its general one, whose weights are
 * found on validation images, are not here.
 */
import { type Tensor, tf } from '../tensorflow.ts'

/**
 * KDCL-Naive: for each image the logits z_k of the student with the least cross-entropy, k = argmin_i L_CE(z_i, y); the
 * first one of equals.
 * @param truth one-hot [batch, classes]
 */
export function leastLossLogits(logits: Tensor[], truth: Tensor): Tensor {
  const [batch, classes] = truth.shape as [number, number]
  const all = tf.stack(logits)
  const believed = tf.sum(tf.mul(truth, tf.logSoftmax(all)), -1)
  const best = tf.cast(tf.argMax(believed, 0), 'int32')
  const rows = tf.add(tf.mul(best, tf.scalar(batch, 'int32')), tf.range(0, batch, 1, 'int32'))
  return tf.gather(all.reshape([logits.length * batch, classes]), rows as never)
}

/**
 * KDCL-MinLogit: with z^c = z - z_y, which leaves the posterior as it is, the least z^c of all students for each class.
 * This teacher believes in the image's class at least as much as any student does.
 * @param truth one-hot [batch, classes]
 */
export function leastLogits(logits: Tensor[], truth: Tensor): Tensor {
  const above = logits.map((own) => tf.sub(own, tf.sum(tf.mul(truth, own), -1, true)))
  return tf.min(tf.stack(above), 0)
}
