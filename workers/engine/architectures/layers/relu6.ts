import { attribute, DATA_TYPE, runOperation, type Tensor, tf } from '../../tensorflow.ts'

const StandardReLU = tf.layers.reLU({ maxValue: 6 }).constructor as new (
  config: object,
) => ReturnType<typeof tf.layers.reLU>

/** The standard ReLU that ends at 6, with TensorFlow's Relu6Grad. */
class FusedRelu6 extends StandardReLU {
  override call(inputs: Tensor | Tensor[]): Tensor {
    return relu6((Array.isArray(inputs) ? inputs[0] : inputs) as Tensor)
  }
}

export function relu6Layer(name: string): FusedRelu6 {
  return new FusedRelu6({ name, maxValue: 6 })
}

const relu6 = tf.customGrad((...args) => {
  const [x, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void]
  const value = tf.relu6(x)
  save([value])
  const gradFunc = (dy: Tensor, [output]: Tensor[]) =>
    runOperation('Relu6Grad', [attribute.type('T', DATA_TYPE.float32)], [dy, output as Tensor])
  return { value, gradFunc }
})
