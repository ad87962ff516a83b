import type { Score } from './occlude.ts'

/** The probability of a class. */
export function probabilityOf(classIndex: number): Score {
  return (_, { posterior }) => posterior.slice([0, classIndex], [-1, 1]).flatten()
}

/** The cosine similarity of an image's features to a unit feature. */
export function similarityTo(unit: Float32Array): Score {
  return (tf, { features }) => {
    const lengths = tf.maximum(tf.norm(features, 'euclidean', 1), 1e-12)
    const products = tf.matMul(
      features as import('@tensorflow/tfjs').Tensor2D,
      tf.tensor2d(unit, [unit.length, 1]),
    )
    return tf.div(products.flatten(), lengths)
  }
}
