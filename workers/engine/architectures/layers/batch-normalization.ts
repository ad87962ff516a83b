import { attribute, DATA_TYPE, runOperation, type Tensor, tf } from '../../tensorflow.ts'

/** Mean and variance of one batch, and the layer whose moving statistics they update. */
export interface BatchStatistics {
  layer: FusedBatchNormalization
  mean: Tensor
  variance: Tensor
}

/** Call arguments that a training forward pass hands to the layers. */
export interface TrainingPass {
  training: true
  /**
   * Every batch normalisation appends its statistics. They outlive the pass; the owner of the list disposes
   * of them.
   */
  statistics: BatchStatistics[]
  [key: string]: unknown
}

/** Call arguments of an inference forward pass inside a captured step. */
export interface FrozenPass {
  frozen: true
  [key: string]: unknown
}

interface LayerWeight {
  read(): Tensor
  write(value: Tensor): void
}

/** The standard layer as it is at run time; its type declarations hide the weights. */
interface StandardLayer {
  readonly epsilon: number
  readonly momentum: number
  readonly gamma: LayerWeight
  readonly beta: LayerWeight
  readonly movingMean: LayerWeight
  readonly movingVariance: LayerWeight
}

const StandardBatchNormalization = tf.layers.batchNormalization({}).constructor as new (
  config: object,
) => InstanceType<typeof tf.layers.Layer> & StandardLayer

/**
 * Standard batch normalisation over the last axis, using TensorFlow's fused operations in training. It is
 * saved as a standard BatchNormalization. Moving statistics are updated separately by
 * `updateMovingStatistics`, because one step may pass through the layer several times (Algorithm 1) but must
 * count its batch once.
 */
export class FusedBatchNormalization extends StandardBatchNormalization {
  override call(inputs: Tensor | Tensor[], kwargs: Partial<TrainingPass & FrozenPass>): Tensor | Tensor[] {
    const input = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor
    if (kwargs.frozen) return normalizeByMovingStatistics(input, this)
    if (!kwargs.training) return super.call(inputs, kwargs)
    const { output, mean, variance } = normalizeBatch(
      input,
      this.gamma.read(),
      this.beta.read(),
      this.epsilon,
    )
    kwargs.statistics?.push({ layer: this, mean, variance })
    return output
  }
}

/**
 * Uses PyTorch's momentum and epsilon, which the paper's recipes assume; Keras's defaults are 0.99 and 1e-3.
 */
export function batchNormalization(name: string): FusedBatchNormalization {
  return new FusedBatchNormalization({ name, momentum: 0.9, epsilon: 1e-5 })
}

/**
 * moving <- momentum · moving + (1 - momentum) · batch, with the unbiased variance.
 * @param moves a truth value, whether they move at all; they do if it is missing
 */
export function updateMovingStatistics(statistics: BatchStatistics[], moves?: Tensor): void {
  for (const { layer, mean, variance } of statistics) {
    moveTowards(layer.movingMean, mean, layer.momentum, moves)
    moveTowards(layer.movingVariance, variance, layer.momentum, moves)
  }
}

function moveTowards(moving: LayerWeight, batch: Tensor, momentum: number, moves?: Tensor): void {
  moving.write(
    tf.tidy(() => {
      const before = moving.read()
      const moved = tf.add(tf.mul(before, momentum), tf.mul(batch, 1 - momentum))
      return moves ? tf.where(tf.broadcastTo(moves, before.shape), moved, before) : moved
    }),
  )
}

/**
 * Equivalent to the standard layer, in plain arithmetic: in a graph TensorFlow would fuse its own operation
 * with the preceding convolution, and the captured step would round differently from the eager one. The
 * offset is subtracted, since TensorFlow regroups sums.
 */
function normalizeByMovingStatistics(input: Tensor, layer: StandardLayer): Tensor {
  return tf.tidy(() => {
    const scale = tf.mul(layer.gamma.read(), tf.rsqrt(tf.add(layer.movingVariance.read(), layer.epsilon)))
    const offset = tf.sub(tf.mul(layer.movingMean.read(), scale), layer.beta.read())
    return tf.sub(tf.mul(input, scale), offset)
  })
}

function normalizeBatch(input: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) {
  const attributes = [
    attribute.type('T', DATA_TYPE.float32),
    attribute.type('U', DATA_TYPE.float32),
    attribute.float('epsilon', epsilon),
    attribute.string('data_format', 'NHWC'),
    attribute.bool('is_training', true),
  ]
  const kept: Tensor[] = []
  const normalize = tf.customGrad((...args) => {
    const [x, scale, offset, save] = args as unknown as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void]
    const none = tf.zeros([0])
    const averaging = attribute.float('exponential_avg_factor', 1)
    const outputs = runOperation(
      'FusedBatchNormV3',
      [...attributes, averaging],
      [x, scale, offset, none, none],
      6,
    )
    const [value, mean, variance, ...reserved] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
    kept.push(tf.keep(mean), tf.keep(variance))
    save([x, scale, ...reserved])
    const gradFunc = (dy: Tensor, saved: Tensor[]) =>
      runOperation('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3)
    return { value, gradFunc }
  })
  const output = normalize(input, gamma, beta)
  return { output, mean: kept[0] as Tensor, variance: kept[1] as Tensor }
}
