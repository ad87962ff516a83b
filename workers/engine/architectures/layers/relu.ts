import { attribute, DATA_TYPE, runOperation, type Tensor, tf } from '../../tensorflow.ts'

const StandardActivation = tf.layers.activation({ activation: 'relu' }).constructor as new (
  config: object,
) => ReturnType<typeof tf.layers.activation>

/**
 * The standard Activation with TensorFlow's ReluGrad; TF.js would compose the gradient from three operations.
 */
class FusedRelu extends StandardActivation {
  override call(inputs: Tensor | Tensor[]): Tensor {
    return relu((Array.isArray(inputs) ? inputs[0] : inputs) as Tensor)
  }
}

export function reluLayer(name: string): FusedRelu {
  return new FusedRelu({ name, activation: 'relu' })
}

const relu = tf.customGrad((...args) => {
  const [x, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void]
  const value = tf.relu(x)
  save([value])
  const gradFunc = (dy: Tensor, [output]: Tensor[]) =>
    runOperation('ReluGrad', [attribute.type('T', DATA_TYPE.float32)], [dy, output as Tensor])
  return { value, gradFunc }
})
