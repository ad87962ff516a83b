// Run as a separate process: loads the binding, multiplies two matrices, and fails unless the product is
// right.
import util from 'node:util'

// Node 24 removed this function, which TensorFlow.js's Node package still calls.
util.isNullOrUndefined ??= (value) => value === null || value === undefined

const { default: tf } = await import('@tensorflow/tfjs-node-gpu')
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]))
const found = [...product.dataSync()].join(' ')
if (found !== '19 22 43 50') {
  console.error(`[1 2; 3 4] times [5 6; 7 8] gave ${found} and not 19 22 43 50.`)
  process.exit(1)
}
