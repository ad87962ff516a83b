import { type Tensor, type Tensor4D, tf } from '../../tensorflow.ts'

const StandardPooling = tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).constructor as new (
  config: object,
) => ReturnType<typeof tf.layers.globalAveragePooling2d>

/** The standard layer with a gradient that uses one Tile instead of multiplying by a tensor of ones. */
class TiledGlobalAveragePooling extends StandardPooling {
  override call(inputs: Tensor | Tensor[]): Tensor {
    return pool((Array.isArray(inputs) ? inputs[0] : inputs) as Tensor)
  }
}

export function globalAveragePooling(name: string): TiledGlobalAveragePooling {
  return new TiledGlobalAveragePooling({ name, dataFormat: 'channelsLast' })
}

const pool = tf.customGrad((...args) => {
  const input = args[0] as Tensor4D
  const [batch, height, width, channels] = input.shape
  const gradFunc = (dy: Tensor) => {
    // Multiplies instead of dividing: in a graph TensorFlow would rewrite the division and round differently.
    const share = tf.mul(dy, 1 / (height * width)).reshape([batch, 1, 1, channels])
    return [tf.tile(share, [1, height, width, 1])]
  }
  return { value: tf.mean(input, [1, 2]), gradFunc }
})
