/** The two functions of a run, recorded into one graph around the same variables: teach a batch, predict a batch. */
import type { Teaching } from '../../contract/cohort.ts'
import type { PackedDataset } from '../../contract/packed-dataset.ts'
import type { Recipe } from '../../contract/recipe.ts'
import { augment, augmentedSignature, normalize } from './batches/augmentation.ts'
import type { TrainingBatch } from './batches/training-batches.ts'
import { GraphRecorder } from './capture/recorder.ts'
import { Session } from './capture/session.ts'
import { applySgd, createVelocities, velocityVariables } from './optimizers/sgd.ts'
import { predict, type StudentNetwork } from './students/student-network.ts'
import { teachStep } from './teaching/teach-step.ts'
import { type Tensor, tf } from './tensorflow.ts'

/** Pictures a call of `predict`; the shape is captured, so the last batch is padded. */
export const PREDICTION_BATCH = 128

export interface CohortProgram {
  /** Teaches one batch and returns [students, STEP_METRICS], row-major. */
  teach(batch: TrainingBatch, learningRate: number): Float32Array
  /** Logits [students, PREDICTION_BATCH, classes], and the students' features side by side [PREDICTION_BATCH, features]. */
  predict(pictures: Uint8Array): { logits: Float32Array; features: Float32Array }
  /** Weights, moving statistics and optimizer state by name: `student/layer/weight`, `student/layer/weight/velocity`. */
  readState(): Map<string, Float32Array>
  writeState(state: ReadonlyMap<string, Float32Array>): void
  close(): void
}

export interface CohortProgramOptions {
  students: StudentNetwork[]
  teaching: Teaching
  recipe: Recipe
  dataset: PackedDataset
}

/**
 * Records the step and the prediction of a cohort, and starts them from the students' initial weights. From then on the
 * weights live in the program alone; the students' own are given back.
 */
export function captureCohort({ students, teaching, recipe, dataset }: CohortProgramOptions): CohortProgram {
  const step = buildStep({ students, teaching, recipe, dataset })
  const recorder = new GraphRecorder(step.variables)
  recorder.record('teach', step.signature, step.run)
  const { height, width, channels } = dataset
  const pictures = { dtype: 'uint8', shape: [PREDICTION_BATCH, height, width, channels] } as const
  recorder.record('predict', { pictures }, (inputs) =>
    predictCohort(students, normalize(inputs.pictures as Tensor, dataset)),
  )
  const session = Session.open(recorder)
  step.dispose()
  return {
    teach: ({ pictures, rows, columns, labels }, learningRate) => {
      const inputs = { pictures, rows, columns, labels, learningRate: Float32Array.of(learningRate) }
      return session.run<'metrics'>('teach', inputs).metrics as Float32Array
    },
    predict: (pictures) => session.run<'logits' | 'features'>('predict', { pictures }) as never,
    readState: () => session.readVariables(),
    writeState: (state) => session.writeVariables(state),
    close: () => session.close(),
  }
}

/** The training step before it is recorded: its variables, its inputs, and what it does with them. */
export function buildStep({ students, teaching, recipe, dataset }: CohortProgramOptions) {
  const velocities = new Map(students.map((student) => [student, createVelocities(student)]))
  const variables = students.flatMap((student) => [
    ...student.weights.map(({ name, variable }) => ({ name: `${student.name}/${name}`, variable })),
    ...velocityVariables(student.name, velocities.get(student)!),
  ])
  const signature = {
    ...augmentedSignature(recipe.batchSize, dataset),
    labels: { dtype: 'int32', shape: [recipe.batchSize] },
    learningRate: { dtype: 'float32', shape: [] },
  } as const
  const run = (inputs: Record<string, Tensor>) => {
    const { pictures, rows, columns, labels, learningRate } = inputs as Record<keyof typeof signature, Tensor>
    const prepared = augment(normalize(pictures, dataset), rows, columns)
    const metrics = teachStep(
      students,
      teaching,
      (student, gradients) =>
        applySgd(student, gradients, velocities.get(student)!, learningRate, recipe.optimizer),
      prepared,
      labels,
    )
    return { metrics }
  }
  const dispose = () => {
    for (const own of velocities.values()) tf.dispose([...own.values()])
    for (const { model } of students) model.dispose()
  }
  return { variables, signature, run, dispose }
}

function predictCohort(students: StudentNetwork[], pictures: Tensor) {
  const outputs = students.map((student) => predict(student, pictures))
  return {
    logits: tf.stack(outputs.map(({ logits }) => logits)),
    features: tf.concat(
      outputs.map(({ features }) => features),
      1,
    ),
  }
}
