import { resamplingShares } from '../../../contract/resampling.ts'
import { type Tensor, type Tensor2D, type Tensor4D, tf } from '../tensorflow.ts'

/**
 * Brings images to the size that the networks see: bilinear, with the pixels' centres at halves, and antialiased where it
 * shrinks, as Pillow, PyTorch and Keras do. Sizes that are equal change nothing.
 * @param pictures  [batch, height, width, channels]
 */
export function resize(pictures: Tensor, { height, width }: { height: number; width: number }): Tensor {
  const [, rows, columns] = pictures.shape as [number, number, number, number]
  if (rows === height && columns === width) return pictures
  // TensorFlow's own is the same where nothing shrinks, and otherwise leaves pixels out.
  if (rows <= height && columns <= width)
    return tf.image.resizeBilinear(pictures as Tensor4D, [height, width], false, true)
  // Each side in turn lies last, where one product brings it to its new length.
  const alongColumns = shorten(tf.transpose(pictures, [0, 1, 3, 2]), columns, width)
  const alongRows = shorten(tf.transpose(alongColumns, [0, 3, 2, 1]), rows, height)
  return tf.transpose(alongRows, [0, 3, 1, 2])
}

function shorten(values: Tensor, length: number, wanted: number): Tensor {
  const shares = tf.tensor2d(resamplingShares(length, wanted), [wanted, length])
  const shortened = tf.matMul(values.reshape([values.size / length, length]) as Tensor2D, shares, false, true)
  return shortened.reshape([...values.shape.slice(0, -1), wanted])
}
