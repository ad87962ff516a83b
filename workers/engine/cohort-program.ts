/**
 * The captured functions of a run, teaching and predicting a batch, which share one graph and its variables.
 */
import type { Teaching } from '../../contract/cohort.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../contract/recipes/recipe.ts'
import { normalize } from './batches/augmentation.ts'
import { resize } from './batches/resize.ts'
import type { TrainingBatch } from './batches/training-batches.ts'
import { GraphRecorder } from './capture/recorder.ts'
import { Session } from './capture/session.ts'
import { createLearningStudent, type LearningStudent } from './learning-student.ts'
import { predict, type StudentNetwork } from './students/student-network.ts'
import { buildStageStep } from './teaching/stage-step.ts'
import { stagesOf } from './teaching/stages.ts'
import { type Tensor, tf } from './tensorflow.ts'

/** Images per call of `predict`; the shape is captured, so the last batch is padded. */
export const PREDICTION_BATCH = 128

export interface CohortProgram {
  /**
   * Trains the learners of the batch's stage (see `stagesOf`) on it; returns [learners, STEP_METRICS],
   * row-major.
   */
  teach(batch: TrainingBatch, learningRate: number): Float32Array
  /**
   * Logits [students, PREDICTION_BATCH, classes], and the students' concatenated features [PREDICTION_BATCH,
   * features].
   */
  predict(pictures: Uint8Array): { logits: Float32Array; features: Float32Array }
  /**
   * Weights, moving statistics, averages and optimizer state by name: `student/layer/weight`,
   * `student/layer/weight/velocity`.
   */
  readState(): Map<string, Float32Array>
  writeState(state: ReadonlyMap<string, Float32Array>): void
  /**
   * The weights used for evaluation, by `student/layer/weight`: the moving averages if the recipe has them.
   */
  readTrainedWeights(): Map<string, Float32Array>
  close(): void
}

export interface CohortProgramOptions {
  students: StudentNetwork[]
  teaching: Teaching
  recipe: Recipe
  dataset: PackedDataset
  seed: number
}

/**
 * Captures a cohort's training steps and prediction, with the students' weights as the initial state. From
 * then on the weights live only in the program; the students' own tensors are disposed of.
 */
export function captureCohort(options: CohortProgramOptions): CohortProgram {
  const { recipe, dataset } = options
  const { variables, learning, steps, dispose } = buildSteps(options)
  const recorder = new GraphRecorder(variables)
  for (const { name, signature, run } of steps) recorder.record(name, signature, run, recipe.precision)
  const { height, width, channels } = dataset
  const pictures = { dtype: 'uint8', shape: [PREDICTION_BATCH, height, width, channels] } as const
  recorder.record('predict', { pictures }, (inputs) => {
    const normalized = normalize(inputs.pictures as Tensor, dataset)
    return predictCohort(learning, resize(normalized, networkInputOf(recipe, dataset)))
  })
  const session = Session.open(recorder)
  dispose()
  return {
    teach: (batch, learningRate) => {
      const step = steps[batch.stage]
      if (!step) throw new RangeError(`there is no stage ${batch.stage}`)
      const { name, inputsOf } = step
      return session.run<'metrics'>(name, inputsOf(batch, learningRate)).metrics as Float32Array
    },
    predict: (pictures) => session.run<'logits' | 'features'>('predict', { pictures }) as never,
    readState: () => session.readVariables(),
    writeState: (state) => session.writeVariables(state),
    readTrainedWeights: () => trainedWeights(session.readVariables(), options.students, recipe),
    close: () => session.close(),
  }
}

/** The step of each stage before it is recorded, and every variable that the steps read or change. */
export function buildSteps(options: CohortProgramOptions) {
  const { students, teaching } = options
  const learning = students.map((student) => createLearningStudent(student, options))
  const steps = stagesOf(teaching, students).map((stage, index) => ({
    name: `teach_${index}`,
    ...buildStageStep(stage, learning, options),
  }))
  const dispose = () => {
    for (const student of learning) student.dispose()
  }
  return { variables: learning.flatMap(({ variables }) => variables), learning, steps, dispose }
}

function predictCohort(students: LearningStudent[], pictures: Tensor) {
  const outputs = students.map(({ trained }) => predict(trained, pictures))
  return {
    logits: tf.stack(outputs.map(({ logits }) => logits)),
    features: tf.concat(
      outputs.map(({ features }) => features),
      1,
    ),
  }
}

function trainedWeights(
  state: Map<string, Float32Array>,
  students: StudentNetwork[],
  { averageDecay }: Recipe,
): Map<string, Float32Array> {
  const suffix = averageDecay === null ? '' : '/average'
  const names = students.flatMap((student) => student.weights.map(({ name }) => `${student.name}/${name}`))
  return new Map(names.map((name) => [name, state.get(`${name}${suffix}`) as Float32Array]))
}
