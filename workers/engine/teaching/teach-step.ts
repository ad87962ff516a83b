import type { Teaching } from '../../../contract/cohort.ts'
import {
  type BatchStatistics,
  type TrainingPass,
  updateMovingStatistics,
} from '../architectures/layers/batch-normalization.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import { type Tensor, tf, type Variable } from '../tensorflow.ts'
import { ensembleTeacherLoss, labelLoss, mutualLoss } from './losses.ts'

/** Numbers of one student and step, in this order along the last axis of `teachStep`'s result. */
export const STEP_METRICS = ['loss', 'labelLoss', 'mutualLoss', 'trainTop1'] as const

/** Changes a student's weights by the gradients of its loss, by variable name. */
export type UpdateStudent = (student: StudentNetwork, gradients: Record<string, Tensor>) => void

interface Lesson {
  gradients: Record<string, Tensor>
  statistics: BatchStatistics[]
  metrics: Tensor
}

/**
 * Teaches a cohort one mini-batch, the same for every student.
 *
 * SEQUENTIAL is Algorithm 1: student k learns from its peers' present predictions and is updated, and its prediction is
 * made anew before the next student learns. SIMULTANEOUS teaches everyone from the predictions at the step's start.
 * The peers' predictions are constants (no gradient flows into them).
 *
 * @param pictures normalised, [batch, height, width, channels]
 * @param labels int32 class indices, [batch]
 * @returns [students, STEP_METRICS], measured when each student had its turn
 */
export function teachStep(
  students: StudentNetwork[],
  teaching: Teaching,
  update: UpdateStudent,
  pictures: Tensor,
  labels: Tensor,
): Tensor {
  const sequential = teaching.updateRule === 'SEQUENTIAL'
  const alone = teaching.method === 'INDEPENDENT'
  const predictions = alone ? [] : students.map((student) => predictInTraining(student, pictures))
  const lessons = students.map((student, k) => {
    const peersLogits = predictions.filter((_, j) => j !== k)
    const lesson = learn(student, peersLogits, teaching, pictures, labels)
    if (sequential) {
      finishLesson(student, lesson, update)
      // The last student's prediction would have nobody to read it.
      if (!alone && k < students.length - 1) predictions[k] = predictInTraining(student, pictures)
    }
    return lesson
  })
  if (!sequential)
    lessons.forEach((lesson, k) => void finishLesson(students[k] as StudentNetwork, lesson, update))
  const metrics = lessons.map((lesson) => lesson.metrics)
  const result = tf.stack(metrics)
  tf.dispose(metrics)
  return result
}

function finishLesson(
  student: StudentNetwork,
  { gradients, statistics }: Lesson,
  update: UpdateStudent,
): void {
  update(student, gradients)
  updateMovingStatistics(statistics)
  dispose(statistics)
}

/** The loss of one student, its parts and its gradients (equation 1). */
function learn(
  student: StudentNetwork,
  peersLogits: Tensor[],
  teaching: Teaching,
  pictures: Tensor,
  labels: Tensor,
): Lesson {
  const statistics: BatchStatistics[] = []
  let metrics: Tensor | undefined
  const variables = student.weights
    .filter(({ trainable }) => trainable)
    .map(({ variable }) => variable as Variable)
  const { grads } = tf.variableGrads(() => {
    const logits = forward(student, pictures, statistics)
    const own = labelLoss(tf.oneHot(labels as never, logits.shape[1] as number, 1, 0, 'float32'), logits)
    const mutual = teachingLoss(peersLogits, logits, teaching)
    const loss = mutual ? tf.add(own, tf.mul(mutual, teaching.weight)) : own
    const hits = tf.mean(tf.cast(tf.equal(tf.argMax(logits, -1), labels), 'float32'))
    metrics = tf.keep(tf.stack([loss, own, mutual ?? tf.scalar(0), hits]))
    return loss as never
  }, variables)
  return { gradients: grads, statistics, metrics: metrics as Tensor }
}

function teachingLoss(
  peersLogits: Tensor[],
  logits: Tensor,
  { method, temperature }: Teaching,
): Tensor | undefined {
  if (method === 'INDEPENDENT') return undefined
  const loss = method === 'MUTUAL' ? mutualLoss : ensembleTeacherLoss
  return loss(peersLogits, logits, temperature)
}

/** A prediction by batch statistics that leaves no trace in the student. */
function predictInTraining(student: StudentNetwork, pictures: Tensor): Tensor {
  const statistics: BatchStatistics[] = []
  const logits = tf.tidy(() => forward(student, pictures, statistics))
  dispose(statistics)
  return logits
}

function forward({ model }: StudentNetwork, pictures: Tensor, statistics: BatchStatistics[]): Tensor {
  const pass: TrainingPass = { training: true, statistics }
  return (model.apply(pictures, pass) as [Tensor, Tensor])[0]
}

function dispose(statistics: BatchStatistics[]): void {
  for (const { mean, variance } of statistics) tf.dispose([mean, variance])
}
