import type { NamedVariable } from '../capture/recorder.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/**
 * The moving average of a student's weights: a network of its own, which never learns but follows. Batch
 * normalisation's statistics follow by the same rule, so that they are those of the averaged weights' neighbourhood.
 */
export interface WeightAverage {
  network: StudentNetwork
  /** As `student/layer/weight/average`. */
  variables: NamedVariable[]
  /** average <- average + share · (weight - average), with `share` a scalar. */
  follow(share: Tensor): void
}

/**
 * How far the average follows in an update: 1 - min(decay, (1 + t) / (10 + t)), so that a young average forgets the
 * initial weights soon, as TensorFlow's ExponentialMovingAverage does when it is given the step.
 * @param update from 1
 */
export function averagingShareAt(decay: number, update: number): number {
  return 1 - Math.min(decay, (1 + update) / (10 + update))
}

/** @param network of the same architecture; it begins where the student is */
export function createWeightAverage(student: StudentNetwork, network: StudentNetwork): WeightAverage {
  const pairs = network.weights.map(({ variable }, i) => ({
    variable,
    // biome-ignore lint/style/noNonNullAssertion: both networks are of one architecture
    followed: student.weights[i]!.variable,
  }))
  const variables = network.weights.map(({ name, variable }) => ({
    name: `${student.name}/${name}/average`,
    variable,
  }))
  tf.tidy(() => {
    // Values, not the tensor itself: two variables that share one would be one to whoever records them.
    for (const { variable, followed } of pairs)
      variable.assign(tf.tensor(followed.dataSync(), variable.shape))
  })
  const follow = (share: Tensor) =>
    tf.tidy(() =>
      pairs.forEach(({ variable, followed }) => {
        const behind = tf.sub(followed, variable)
        variable.assign(tf.add(variable, tf.mul(behind, share)))
      }),
    )
  return { network, variables, follow }
}
