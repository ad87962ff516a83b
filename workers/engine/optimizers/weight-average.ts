import type { NamedVariable } from '../capture/recorder.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/**
 * The moving average of a student's weights, as a separate network that is not trained itself. Batch
 * normalisation statistics are averaged by the same rule, so that they match the averaged weights.
 */
export interface WeightAverage {
  network: StudentNetwork
  /** Named `student/layer/weight/average`, or `…/peer_average`. */
  variables: NamedVariable[]
  /** average <- average + share · (weight - average), with `share` a scalar. */
  follow(share: Tensor): void
}

/**
 * The weight of the new value in an update: 1 - min(decay, (1 + t) / (10 + t)), so that early averages
 * quickly forget the initial weights, like TensorFlow's ExponentialMovingAverage with `num_updates`.
 * @param update from 1
 */
export function averagingShareAt(decay: number, update: number): number {
  return 1 - Math.min(decay, (1 + update) / (10 + update))
}

/**
 * @param network of the same architecture; it is initialised with the student's weights
 * @param slot what its variables' names end in
 */
export function createWeightAverage(
  student: StudentNetwork,
  network: StudentNetwork,
  slot: 'average' | 'peer_average' = 'average',
): WeightAverage {
  const pairs = network.weights.map(({ variable }, i) => ({
    variable,
    // biome-ignore lint/style/noNonNullAssertion: both networks have the same architecture
    source: student.weights[i]!.variable,
  }))
  const variables = network.weights.map(({ name, variable }) => ({
    name: `${student.name}/${name}/${slot}`,
    variable,
  }))
  tf.tidy(() => {
    // Copies values, because the recorder would treat two variables that share a tensor as one.
    for (const { variable, source } of pairs) variable.assign(tf.tensor(source.dataSync(), variable.shape))
  })
  const follow = (share: Tensor) =>
    tf.tidy(() =>
      pairs.forEach(({ variable, source }) => {
        const difference = tf.sub(source, variable)
        variable.assign(tf.add(variable, tf.mul(difference, share)))
      }),
    )
  return { network, variables, follow }
}
