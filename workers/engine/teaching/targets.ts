import { type Tensor, tf } from '../tensorflow.ts'
import { smoothedLabels } from './losses.ts'

/** What the labels of a batch say. */
export interface LabelInputs {
  /** int32 class indices, [batch]. */
  labels: Tensor
  /** [batch]: what the label loss of each image counts; 1 if missing. */
  labelWeights?: Tensor | undefined
  /** Where images are mixed in pairs: int32 [batch], and the other label's share; see batches/mixing.ts. */
  mixedWith?: Tensor | undefined
  otherShare?: Tensor | undefined
}

/** Targets of the label loss, [batch, classes]: smoothed, weighted, and mixed as the images are. */
export function labelTargets(inputs: LabelInputs, classes: number, smoothing: number): Tensor {
  const { labels, labelWeights, mixedWith, otherShare } = inputs
  const smoothed = smoothedLabels(labels, classes, smoothing)
  const targets = labelWeights ? tf.mul(smoothed, labelWeights.reshape([-1, 1])) : smoothed
  return mixedWith && otherShare ? mixed(targets, mixedWith, otherShare) : targets
}

/** The share of images whose label is the most probable class; a mixed image counts for both, by their shares. */
export function top1({ labels, mixedWith, otherShare }: LabelInputs, logits: Tensor): Tensor {
  const answers = tf.argMax(logits, -1)
  const hits = tf.cast(tf.equal(answers, labels), 'float32')
  if (!mixedWith || !otherShare) return tf.mean(hits)
  const others = tf.cast(tf.equal(answers, tf.gather(labels, mixedWith as never)), 'float32')
  return tf.mean(tf.add(tf.mul(hits, tf.sub(1, otherShare)), tf.mul(others, otherShare)))
}

/**
 * One-hot [images, classes], for what is taught by class: a mixed image has the class of its larger part, and one without
 * a label, which come last, the class that those who teach believe in most together.
 * @param sources logits [images, classes] of those who teach
 */
export function classesOf({ labels, mixedWith, otherShare }: LabelInputs, sources: Tensor[]): Tensor {
  const [images, classes] = (sources[0] as Tensor).shape as [number, number]
  const known = mixedWith && otherShare ? largerPart(labels, mixedWith, otherShare) : labels
  const rest = images - labels.size
  const all = rest > 0 ? tf.concat([known, believed(sources, labels.size, rest)]) : known
  return tf.oneHot(all as never, classes, 1, 0, 'float32')
}

function largerPart(labels: Tensor, mixedWith: Tensor, otherShare: Tensor): Tensor {
  const isOther = tf.broadcastTo(tf.greater(otherShare, 0.5), labels.shape)
  return tf.where(isOther, tf.gather(labels, mixedWith as never), labels)
}

/** int32 [count]: of images from a place on. */
function believed(sources: Tensor[], first: number, count: number): Tensor {
  const posteriors = sources.map((logits) => tf.exp(tf.logSoftmax(tf.slice(logits, [first, 0], [count, -1]))))
  return tf.cast(tf.argMax(tf.addN(posteriors), -1), 'int32')
}

function mixed(targets: Tensor, mixedWith: Tensor, otherShare: Tensor): Tensor {
  const others = tf.gather(targets, mixedWith as never)
  return tf.add(tf.mul(targets, tf.sub(1, otherShare)), tf.mul(others, otherShare))
}
