import type { RunEvaluation } from '../../../contract/evaluation.ts'
import { preparationOf } from '../../../contract/packed/preparation.ts'
import { countLearned } from '../../../contract/recipes/held-out.ts'
import { networkInputOf } from '../../../contract/recipes/recipe.ts'
import { normalizedFor } from '../../../contract/starting-weights.ts'
import type { TrainingOrder } from '../../../contract/training.ts'
import { datasetSha256 } from '../checkpoints/order-identity.ts'
import { ENGINE_VERSION } from '../version.ts'
import { STUDENT_OUTPUTS } from './exported-model.ts'
import type { QuantizationRecord } from './int8/quantization-record.ts'

/** What a card is about: one student by its index, or the whole cohort. */
export type Subject = { kind: 'student'; index: number } | { kind: 'ensemble' }

/** Everything that the card tells, for programs: whatever the format, it goes along with the model. */
export function modelMetadata(order: TrainingOrder, evaluation: RunEvaluation, subject: Subject) {
  const { cohort, recipe, seed, threadsPerOperation, execution, dataset } = order
  const { channelMeans, channelDeviations } = normalizedFor(dataset, cohort.students)
  return {
    kind: subject.kind,
    ...resultsOf(evaluation, subject),
    classes: dataset.classes,
    input: { ...networkInputOf(recipe, dataset), layout: 'NHWC', range: [0, 255] },
    /** The size to which every image is cut first; the input's is reached from there by bilinear, antialiased resizing. */
    pictures: { height: dataset.height, width: dataset.width },
    /** What an image goes through to reach that size. */
    preparation: preparationOf(dataset),
    /** Names, in order; the posterior is the last one. */
    outputs: outputsOf(subject),
    normalization: { means: channelMeans, deviations: channelDeviations, inside: true },
    /** Which state of the cohort the model is; missing where it was not recorded. */
    delivered: evaluation.delivered,
    dataset: {
      /** Those that were learned from, without those set aside for validation. */
      trainingPictures: countLearned(dataset, recipe.validationShare),
      manifestSha256: datasetSha256(dataset),
    },
    teaching: cohort.teaching,
    /** Whom the others learned from under DISTILLATION, by name. */
    teacher: cohort.teaching.method === 'DISTILLATION' ? cohort.students[0]?.name : undefined,
    /** Where the teacher was a finished model: of its `model.safetensors`. */
    teacherWeightsSha256: cohort.students[0]?.weightsSha256,
    /** Which students of the model began with weights of an earlier training, and of which one. */
    starts: startsOf(cohort.students, subject),
    recipe,
    seed,
    threadsPerOperation,
    /** How and on what it was trained; missing in models whose runs did not record it. */
    execution: execution?.mode && { mode: execution.mode, device: execution.device },
    engineVersion: ENGINE_VERSION,
  }
}

function startsOf(students: TrainingOrder['cohort']['students'], subject: Subject) {
  const own = subject.kind === 'student' ? students.slice(subject.index, subject.index + 1) : students
  const starts = own.flatMap(({ name, start }) => {
    if (!start) return []
    const { source, sha256, frozenEpochs } = start
    return [{ student: name, ...source, weightsSha256: sha256, frozenEpochs }]
  })
  return starts.length > 0 ? starts : undefined
}

export type ModelMetadata = ReturnType<typeof modelMetadata> & {
  /** Of a model in 8-bit integers alone. */
  quantization?: QuantizationRecord
}

function outputsOf({ kind }: Subject): string[] {
  if (kind === 'ensemble') return ['concatenated_features', 'mean_posterior']
  return [...STUDENT_OUTPUTS]
}

/** What was measured of the model and of its peers, in short. */
function resultsOf(evaluation: RunEvaluation, subject: Subject) {
  if (evaluation.kind === 'RETRIEVAL') {
    const { queryCount, galleryCount, students, ensemble } = evaluation
    const told = subject.kind === 'ensemble' ? ensemble : undefined
    return {
      task: 'RETRIEVAL' as const,
      queryCount,
      galleryCount,
      ...divide(students, subject),
      ensemble: told,
    }
  }
  const { testCount, ensemble } = evaluation
  const students = evaluation.students.map(({ name, architecture, parameters, top1, loss }) => ({
    name,
    architecture,
    parameters,
    top1,
    loss,
  }))
  const told = subject.kind === 'ensemble' ? ensemble : undefined
  return { task: 'CLASSIFICATION' as const, testCount, ...divide(students, subject), ensemble: told }
}

/** Those that the model is made of, and the others. */
function divide<Student>(all: Student[], subject: Subject): { students: Student[]; peers: Student[] } {
  if (subject.kind === 'ensemble') return { students: all, peers: [] }
  return {
    students: all.filter((_, i) => i === subject.index),
    peers: all.filter((_, i) => i !== subject.index),
  }
}

/** As text by name, for formats that hold nothing else: what is no text is JSON. */
export function stringValues(metadata: ModelMetadata): Record<string, string> {
  const entries = Object.entries(metadata).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
