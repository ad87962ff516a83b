import type { Teaching } from '../../../contract/cohort.ts'
import {
  type BatchStatistics,
  type TrainingPass,
  updateMovingStatistics,
} from '../architectures/layers/batch-normalization.ts'
import { predictFrozen, type StudentNetwork } from '../students/student-network.ts'
import { type Tensor, tf, type Variable } from '../tensorflow.ts'
import { distillationLoss, ensembleTeacherLoss, labelLoss, mutualLoss } from './losses.ts'
import { type LabelInputs, labelTargets, top1 } from './targets.ts'

/** Metrics per student and step, in the order of the last axis of `teachStep`'s result. */
export const STEP_METRICS = ['loss', 'labelLoss', 'mutualLoss', 'trainTop1'] as const

/** Updates a student's weights with the gradients of its loss, given by variable name. */
export type UpdateStudent = (student: StudentNetwork, gradients: Record<string, Tensor>) => void

/** Who learns from whom, and how. */
export interface Classroom {
  learners: StudentNetwork[]
  /** Under DISTILLATION: predicts in inference mode, with its moving statistics, and is not changed. */
  teacher?: StudentNetwork
  teaching: Teaching
  /** See `Recipe`. */
  labelSmoothing: number
  update: UpdateStudent
}

/** One mini-batch, the same for every learner. */
export interface TeachingInputs extends LabelInputs {
  /** Normalised, [batch, height, width, channels]. */
  pictures: Tensor
  /** Under ONE_PER_EPOCH: int32 [learners], the peer that each learner learns from. */
  partners?: Tensor
  /** Scalar in [0, 1], by which the teaching loss is ramped up; 1 if missing. */
  teachingShare?: Tensor | undefined
}

interface Lesson {
  gradients: Record<string, Tensor>
  statistics: BatchStatistics[]
  metrics: Tensor
}

/**
 * Trains a cohort on one mini-batch.
 *
 * SEQUENTIAL is Algorithm 1: student k learns from its peers' current predictions and is updated, and its
 * prediction is recomputed before the next student learns. SIMULTANEOUS uses the predictions from the start
 * of the step for everyone. Peers' predictions are constants: no gradient flows into them.
 *
 * @returns [learners, STEP_METRICS], measured at each student's own turn
 */
export function teachStep(classroom: Classroom, inputs: TeachingInputs): Tensor {
  const { learners, teaching, teacher, update } = classroom
  const sequential = teaching.updateRule === 'SEQUENTIAL'
  const fromPeers = teaching.method === 'MUTUAL' || teaching.method === 'ENSEMBLE_TEACHER'
  const predictions = fromPeers ? learners.map((student) => predictInTraining(student, inputs.pictures)) : []
  const teacherLogits = teacher ? [tf.tidy(() => predictFrozen(teacher, inputs.pictures))] : []
  const lessons = learners.map((student, k) => {
    const sources = fromPeers ? sourcesOf(k, predictions, inputs.partners) : teacherLogits
    const lesson = learn(student, sources, classroom, inputs)
    if (sequential) {
      finishLesson(student, lesson, update)
      // Nobody would use the last student's new prediction.
      if (fromPeers && k < learners.length - 1) predictions[k] = predictInTraining(student, inputs.pictures)
    }
    return lesson
  })
  if (!sequential)
    lessons.forEach((lesson, k) => void finishLesson(learners[k] as StudentNetwork, lesson, update))
  const metrics = lessons.map((lesson) => lesson.metrics)
  const result = tf.stack(metrics)
  tf.dispose(metrics)
  return result
}

/** The logits that student k learns from: those of all its peers, or of its partner. */
function sourcesOf(k: number, predictions: Tensor[], partners: Tensor | undefined): Tensor[] {
  if (!partners) return predictions.filter((_, j) => j !== k)
  const partner = tf.gather(tf.stack(predictions), tf.slice(partners, [k], [1]) as never)
  return [tf.squeeze(partner, [0])]
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

/** One student's loss, its parts and its gradients (equation 1). */
function learn(
  student: StudentNetwork,
  sources: Tensor[],
  { teaching, labelSmoothing }: Classroom,
  inputs: TeachingInputs,
): Lesson {
  const { pictures, teachingShare } = inputs
  const statistics: BatchStatistics[] = []
  let metrics: Tensor | undefined
  const variables = student.weights
    .filter(({ trainable }) => trainable)
    .map(({ variable }) => variable as Variable)
  const { grads } = tf.variableGrads(() => {
    const logits = forward(student, pictures, statistics)
    const own = labelLoss(labelTargets(inputs, logits.shape[1] as number, labelSmoothing), logits)
    const mutual = teachingLoss(sources, logits, teaching)
    const weight = teachingShare ? tf.mul(teachingShare, teaching.weight) : teaching.weight
    const loss = mutual ? tf.add(own, tf.mul(mutual, weight)) : own
    metrics = tf.keep(tf.stack([loss, own, mutual ?? tf.scalar(0), top1(inputs, logits)]))
    return loss as never
  }, variables)
  return { gradients: grads, statistics, metrics: metrics as Tensor }
}

function teachingLoss(
  sources: Tensor[],
  logits: Tensor,
  { method, temperature }: Teaching,
): Tensor | undefined {
  switch (method) {
    case 'INDEPENDENT':
      return undefined
    case 'MUTUAL':
      return mutualLoss(sources, logits, temperature)
    case 'ENSEMBLE_TEACHER':
      return ensembleTeacherLoss(sources, logits, temperature)
    case 'DISTILLATION':
      return distillationLoss(sources[0] as Tensor, logits, temperature)
  }
}

/** A prediction with batch statistics that does not change the student. */
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
