import type { Student } from '../../../contract/cohort.ts'
import { buildNetwork } from '../architectures/index.ts'
import type { FrozenPass } from '../architectures/layers/batch-normalization.ts'
import { type LayersModel, type Tensor, tf, type Variable } from '../tensorflow.ts'
import { drawInitialWeight } from './initial-weights.ts'

export interface Weight {
  /** Layer and weight, such as `stem/kernel`; unique within a student. */
  name: string
  variable: Variable
  trainable: boolean
  /** Whether it began with a value of an earlier training. */
  given?: boolean
}

/** A student's network and its variables. */
export interface StudentNetwork extends Student {
  /** Maps normalised images to [logits, features]. */
  model: LayersModel
  weights: Weight[]
  /** Number of trainable parameters; as in the literature, moving statistics are not counted. */
  parameters: number
}

/** What a network says of a batch: [batch, classes] and [batch, features]. */
export type Outputs = Record<'logits' | 'features', Tensor>

export interface PictureShape {
  height: number
  width: number
  channels: number
}

/** Builds a student with initial weights that depend on the seed, its name and its architecture alone. */
export function buildStudent(
  student: Student,
  shape: PictureShape,
  classes: number,
  seed: number,
): StudentNetwork {
  const input = tf.input({ shape: [shape.height, shape.width, shape.channels] })
  const { logits, features } = buildNetwork(input, {
    architecture: student.architecture,
    classes,
    prefix: '',
  })
  const model = tf.model({ inputs: input, outputs: [logits, features] })
  const weights = weightsOf(model)
  for (const { name, variable } of weights) {
    const values = drawInitialWeight(name, variable.shape, [seed, student.name])
    if (values) tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
  }
  const trainable = weights.filter((weight) => weight.trainable)
  const parameters = trainable.reduce((sum, { variable }) => sum + variable.size, 0)
  return { ...student, model, weights, parameters }
}

/** The weights of a model in the model's own order, which `setWeights` also expects. */
export function weightsOf(model: LayersModel): Weight[] {
  return model.weights.map((weight) => ({
    name: weight.originalName,
    variable: weight.read() as Variable,
    trainable: weight.trainable,
  }))
}

/** An inference forward pass: moving statistics, no gradients. */
export function predict({ model }: StudentNetwork, pictures: Tensor): Outputs {
  const [logits, features] = model.apply(pictures) as [Tensor, Tensor]
  return { logits, features }
}

/**
 * The same, computed so that a captured step rounds exactly as an eager one; for frozen
 * teachers.
 */
export function predictFrozen({ model }: StudentNetwork, pictures: Tensor): Outputs {
  const pass: FrozenPass = { frozen: true }
  const [logits, features] = model.apply(pictures, pass) as [Tensor, Tensor]
  return { logits, features }
}
