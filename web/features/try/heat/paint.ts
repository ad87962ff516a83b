import type { TensorFlow } from '../networks/load-tensorflow.ts'

type Tensor2D = import('@tensorflow/tfjs').Tensor2D

/** Apart also for whoever does not tell red from green. */
export const DROP_COLOUR = [232, 89, 12] as const
export const RISE_COLOUR = [34, 139, 230] as const
/** The image stays to be seen below. */
const MAX_ALPHA = 205
/** A map of less than this is faint, as what it shows is next to nothing. */
export const MIN_SCALE = 0.001

/** Colours for a map of drops, the stronger the more opaque. */
export async function paint(tf: TensorFlow, map: Tensor2D) {
  const { colours, greatest } = tf.tidy(() => {
    const sizes = tf.abs(map)
    const greatest = tf.max(sizes)
    const isDrop = tf.cast(tf.greaterEqual(map, 0), 'float32').expandDims(2)
    const colourOf = (bytes: readonly number[]) => tf.tensor3d([...bytes], [1, 1, 3])
    const colour = tf.add(
      tf.mul(isDrop, colourOf(DROP_COLOUR)),
      tf.mul(tf.sub(1, isDrop), colourOf(RISE_COLOUR)),
    )
    const alpha = tf.mul(tf.div(sizes, tf.maximum(greatest, MIN_SCALE)), MAX_ALPHA).expandDims(2)
    return { colours: tf.concat([colour, alpha], 2), greatest }
  })
  try {
    const [scale = 0] = await greatest.data()
    return {
      colours: Uint8ClampedArray.from(await colours.data()),
      scale: Math.max(scale, MIN_SCALE),
    }
  } finally {
    tf.dispose([colours, greatest])
  }
}
