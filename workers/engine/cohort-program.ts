/**
 * The captured functions of a run, teaching and predicting a batch, which share one graph and its variables.
 */
import type { Teaching } from '../../contract/cohort.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../contract/recipes/recipe.ts'
import type { Fork } from '../../contract/runs/fork.ts'
import { normalize } from './batches/augmentation.ts'
import { resize } from './batches/resize.ts'
import type { TrainingBatch } from './batches/training-batches.ts'
import { GraphWriter } from './capture/graph-def.ts'
import { GraphRecorder } from './capture/recorder.ts'
import { addResidentRows, type ResidentRows } from './capture/resident-rows.ts'
import { Session } from './capture/session.ts'
import type { LoopOptions } from './capture/step-loop.ts'
import { createLearningStudent, type LearningStudent } from './learning-student.ts'
import { StepRunner } from './step-runner.ts'
import { predict, type StudentNetwork } from './students/student-network.ts'
import { buildStageStep } from './teaching/stage-step.ts'
import { stagesOf } from './teaching/stages.ts'
import { type Tensor, tf } from './tensorflow.ts'

/** Images per call of `predict`; the shape is captured, so the last batch is padded. */
export const PREDICTION_BATCH = 128

export interface TeachingStep {
  batch: TrainingBatch
  learningRate: number
}

export interface CohortProgram {
  /**
   * Trains the learners of the steps' stage (see `stagesOf`), step after step, in one call into TensorFlow if
   * the program was captured for that; returns [steps, learners, STEP_METRICS], row-major. The numbers do not
   * depend on how the steps of a run are divided into calls.
   */
  teach(steps: readonly TeachingStep[]): Float32Array
  /** Puts the training split on the device; needed once where the program was captured with `residentRows`. */
  loadPictures(pictures: Uint8Array): void
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
  /** Sets them again, for evaluation and export; training cannot go on from there. */
  writeTrainedWeights(weights: ReadonlyMap<string, Float32Array>): void
  close(): void
}

export interface CohortProgramOptions {
  students: StudentNetwork[]
  teaching: Teaching
  recipe: Recipe
  dataset: PackedDataset
  seed: number
  /** Who joined later than the first step; see `Fork`. */
  joined?: Fork['joined'] | undefined
  /** Lets `teach` take several steps a call into TensorFlow. */
  loop?: LoopOptions | undefined
  /** The training split's number of images, which lie on the device then, and of which steps get the indices. */
  residentRows?: number | undefined
  /** Receives what a person should know of compiling. */
  onLog?: ((level: 'INFO' | 'WARN', message: string) => void) | undefined
  /** Called when XLA cannot compile a step, which is run plain then. */
  onRefused?: (() => void) | undefined
}

/**
 * Captures a cohort's training steps and prediction, with the students' weights as the initial state. From
 * then on the weights live only in the program; the students' own tensors are disposed of.
 */
export function captureCohort(options: CohortProgramOptions): CohortProgram {
  const { recipe, dataset } = options
  const graph = new GraphWriter()
  const residentPictures = addResidentPictures(graph, options)
  const { variables, learning, steps, dispose } = buildSteps({ ...options, residentPictures })
  const recorder = new GraphRecorder(variables, graph)
  for (const { name, signature, run } of steps) recorder.record(name, signature, run, recipe.precision)
  const { height, width, channels } = dataset
  const pictures = { dtype: 'uint8', shape: [PREDICTION_BATCH, height, width, channels] } as const
  recorder.record('predict', { pictures }, (inputs) => {
    const normalized = normalize(inputs.pictures as Tensor, dataset)
    return predictCohort(learning, resize(normalized, networkInputOf(recipe, dataset)))
  })
  const names = steps.map(({ name }) => name)
  const session = Session.open(recorder, names, options.loop)
  dispose()
  const runner = new StepRunner(session, options.loop, options.onLog, options.onRefused)
  return {
    teach: (taught) => {
      const [stage, ...others] = new Set(taught.map(({ batch }) => batch.stage))
      const step = steps[stage ?? -1]
      if (!step || others.length > 0)
        throw new RangeError('the steps of a call belong to one stage of the run')
      const inputs = taught.map(({ batch, learningRate }) => step.inputsOf(batch, learningRate))
      return runner.run(step.name, inputs)
    },
    loadPictures: (all) => {
      if (residentPictures) session.fill(residentPictures, all)
    },
    predict: (pictures) => session.run<'logits' | 'features'>('predict', { pictures }) as never,
    readState: () => session.readVariables(),
    writeState: (state) => session.writeVariables(state),
    readTrainedWeights: () => trainedWeights(session.readVariables(), options.students, recipe),
    writeTrainedWeights(weights) {
      const state = session.readVariables()
      for (const [name, values] of weights) state.set(`${name}${suffixOf(recipe)}`, values)
      session.writeVariables(state)
    },
    close: () => session.close(),
  }
}

function addResidentPictures(
  graph: GraphWriter,
  { residentRows, dataset: { height, width, channels } }: CohortProgramOptions,
): ResidentRows | undefined {
  if (residentRows === undefined) return undefined
  return addResidentRows(graph, 'training_pictures', [residentRows, height, width, channels])
}

/** The step of each stage before it is recorded, and every variable that the steps read or change. */
export function buildSteps(options: CohortProgramOptions & { residentPictures?: ResidentRows | undefined }) {
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
  recipe: Recipe,
): Map<string, Float32Array> {
  const suffix = suffixOf(recipe)
  const names = students.flatMap((student) => student.weights.map(({ name }) => `${student.name}/${name}`))
  return new Map(names.map((name) => [name, state.get(`${name}${suffix}`) as Float32Array]))
}

/** What is evaluated ends in this. */
function suffixOf({ averageDecay }: Recipe): string {
  return averageDecay === null ? '' : '/average'
}
