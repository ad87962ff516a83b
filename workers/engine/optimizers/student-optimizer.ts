import type { Recipe } from '../../../contract/recipes/recipe.ts'
import type { NamedVariable } from '../capture/recorder.ts'
import type { StudentNetwork, Weight } from '../students/student-network.ts'
import { type Tensor, tf, type Variable } from '../tensorflow.ts'
import { clipGradients } from './clip-gradients.ts'
import { optimizerOf } from './index.ts'
import { isDecayed } from './weight-decay.ts'

type Settings = Pick<Recipe, 'optimizer' | 'clipNorm'>

/** One student's optimizer, with its state. */
export interface StudentOptimizer {
  /** The state, named `student/layer/weight/slot`. */
  variables: NamedVariable[]
  /**
   * Updates the student's weights and the state.
   * @param gradients by variable name
   * @param scalars the result of `optimizerScalarsAt`, [n]
   * @param thawed whether the weights that the student began with learn, too; they do if it is missing
   * @param learns whether anything of it learns; it does if it is missing
   */
  update(gradients: Record<string, Tensor>, scalars: Tensor, thawed?: Tensor, learns?: Tensor): void
  dispose(): void
}

/** The captured step's input that depends on the step number; see `Optimizer.scalarsAt`. */
export function optimizerScalarsAt(
  { optimizer }: Settings,
  learningRate: number,
  update: number,
): Float32Array {
  return Float32Array.from(optimizerOf(optimizer).scalarsAt(optimizer, learningRate, update))
}

export function createStudentOptimizer(student: StudentNetwork, settings: Settings): StudentOptimizer {
  const optimizer = optimizerOf(settings.optimizer)
  const learning = student.weights
    .filter((weight) => weight.trainable)
    .map((weight) => ({ weight, slots: optimizer.slots.map(() => createZeros(weight.variable.shape)) }))
  const nextOf = (weight: Weight, slots: Tensor[], gradient: Tensor, scalars: Tensor[]) =>
    optimizer.next(
      { weight: weight.variable, gradient, slots, decays: isDecayed(weight.name, settings.optimizer) },
      scalars,
      settings.optimizer,
    )
  return {
    variables: learning.flatMap(({ weight, slots }) =>
      slots.map((variable, i) => ({
        name: `${student.name}/${weight.name}/${optimizer.slots[i]}`,
        variable,
      })),
    ),
    update: (gradients, scalars, thawed, learns) =>
      tf.tidy(() => {
        const own = learning.map(({ weight }) => gradients[weight.variable.name] as Tensor)
        const clipped = settings.clipNorm === null ? own : clipGradients(own, settings.clipNorm)
        const each = tf.unstack(scalars)
        learning.forEach(({ weight, slots }, i) => {
          const next = nextOf(weight, slots, clipped[i] as Tensor, each)
          const unless = (held: Tensor | undefined, old: Tensor, changed: Tensor) =>
            held ? tf.where(tf.broadcastTo(held, old.shape), changed, old) : changed
          const keep = (old: Tensor, changed: Tensor) =>
            unless(learns, old, unless(weight.given ? thawed : undefined, old, changed))
          slots.forEach((slot, j) => void slot.assign(keep(slot, next.slots[j] as Tensor)))
          weight.variable.assign(keep(weight.variable, next.weight))
        })
      }),
    dispose: () => void tf.dispose(learning.map(({ slots }) => slots)),
  }
}

function createZeros(shape: number[]): Variable {
  return tf.tidy(() => tf.variable(tf.zeros(shape), false))
}
