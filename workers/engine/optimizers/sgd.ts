import type { Recipe } from '../../../contract/recipe.ts'
import type { NamedVariable } from '../capture/recorder.ts'
import type { StudentNetwork, Weight } from '../students/student-network.ts'
import { type Tensor, tf, type Variable } from '../tensorflow.ts'

type SgdSettings = Recipe['optimizer']

/** The velocity of every trainable weight, by the weight's name in its student. */
export type Velocities = Map<string, Variable>

export function createVelocities({ weights }: StudentNetwork): Velocities {
  const trainable = weights.filter((weight) => weight.trainable)
  const create = (shape: number[]) => {
    const zeros = tf.zeros(shape)
    const velocity = tf.variable(zeros, false)
    zeros.dispose()
    return velocity
  }
  return new Map(trainable.map(({ name, variable }) => [name, create(variable.shape)]))
}

/** The velocities as state of a run, under names that begin with the student's. */
export function velocityVariables(studentName: string, velocities: Velocities): NamedVariable[] {
  return [...velocities].map(([name, variable]) => ({ name: `${studentName}/${name}/velocity`, variable }))
}

/**
 * One step of stochastic gradient descent as PyTorch's SGD takes it, without dampening:
 *   g <- gradient + weightDecay · w        (on kernels only)
 *   v <- momentum · v + g
 *   w <- w - learningRate · (nesterov ? g + momentum · v : v)
 * @param learningRate a scalar tensor, so that it stays an input of the captured step
 */
export function applySgd(
  student: StudentNetwork,
  gradients: Record<string, Tensor>,
  velocities: Velocities,
  learningRate: Tensor,
  { momentum, nesterov, weightDecay }: SgdSettings,
): void {
  for (const weight of student.weights.filter(({ trainable }) => trainable)) {
    const velocity = velocities.get(weight.name) as Variable
    tf.tidy(() => {
      const own = gradients[weight.variable.name] as Tensor
      const gradient =
        weightDecay > 0 && decays(weight) ? tf.add(own, tf.mul(weight.variable, weightDecay)) : own
      const next = momentum > 0 ? tf.add(tf.mul(velocity, momentum), gradient) : gradient
      const direction = nesterov ? tf.add(gradient, tf.mul(next, momentum)) : next
      velocity.assign(next)
      weight.variable.assign(tf.sub(weight.variable, tf.mul(direction, learningRate)))
    })
  }
}

/** Biases and batch normalisation are left alone: shrinking them does not regularise. */
function decays({ name }: Weight): boolean {
  return name.endsWith('kernel')
}
