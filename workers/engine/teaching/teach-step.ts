import type { Teaching } from '../../../contract/cohort.ts'
import {
  type BatchStatistics,
  type TrainingPass,
  updateMovingStatistics,
} from '../architectures/layers/batch-normalization.ts'
import { type Outputs, predictFrozen, type StudentNetwork } from '../students/student-network.ts'
import { type Tensor, tf, type Variable } from '../tensorflow.ts'
import { labelLoss } from './losses.ts'
import { whoLearns } from './pause-leader.ts'
import { type LabelInputs, labelTargets, top1 } from './targets.ts'
import { teachingLosses } from './teaching-losses.ts'

/** Metrics per student and step, in the order of the last axis of `teachStep`'s result. */
export const STEP_METRICS = ['loss', 'labelLoss', 'mutualLoss', 'trainTop1'] as const

/**
 * Updates a student's weights with the gradients of its loss, given by variable name, where it learns in this step; it
 * does if nothing is said.
 */
export type UpdateStudent = (
  student: StudentNetwork,
  gradients: Record<string, Tensor>,
  learns: Tensor | undefined,
) => void

/** Who learns from whom, and how. */
export interface Classroom {
  learners: StudentNetwork[]
  /** Under DISTILLATION: predicts in inference mode, with its moving statistics, and is not changed. */
  teacher?: StudentNetwork
  teaching: Teaching
  /** See `Recipe`. */
  labelSmoothing: number
  update: UpdateStudent
  /** As whom a student teaches its peers, where that is the average of its weights. */
  averageOf?: ((student: StudentNetwork) => StudentNetwork) | undefined
}

/** One mini-batch, the same for every learner. */
export interface TeachingInputs extends LabelInputs {
  /**
   * Normalised, [images, height, width, channels]; more images than labels are those without, which come last (section
   * 3.4 of the paper's CVPR version): the label loss is of the labelled ones, the teaching loss of all.
   */
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
 * of the step for everyone. Peers' predictions are constants: no gradient flows into them. Where averages of peers teach
 * (Tarvainen and Valpola 2017, section 2), they are those after the last step, which normalise by the batch as the
 * students do, and no prediction is recomputed.
 *
 * @returns [learners, STEP_METRICS], measured at each student's own turn
 */
export function teachStep(classroom: Classroom, inputs: TeachingInputs): Tensor {
  const { learners, teaching, teacher, update } = classroom
  const sequential = teaching.updateRule === 'SEQUENTIAL'
  const fromPeers = teaching.method === 'MUTUAL' || teaching.method === 'ENSEMBLE_TEACHER'
  const { averageOf = (student) => student } = classroom
  const predict = (student: StudentNetwork) => predictInTraining(averageOf(student), inputs.pictures)
  const predictions = fromPeers ? learners.map(predict) : []
  const learning = teaching.pausesLeader ? tf.tidy(() => learningNow(predictions, inputs, teaching)) : []
  const teachers = teacher ? [tf.tidy(() => predictFrozen(teacher, inputs.pictures))] : []
  const lessons = learners.map((student, k) => {
    const sources = fromPeers ? sourcesOf(k, predictions, inputs.partners, teaching) : teachers
    const lesson = learn(student, sources, classroom, inputs)
    if (sequential) {
      finishLesson(student, lesson, update, learning[k])
      // Nobody would use the last student's new prediction, and averages move at the end of a step.
      const isSeen = fromPeers && teaching.peerAverageDecay === null && k < learners.length - 1
      if (isSeen) predictions[k] = predict(student)
    }
    return lesson
  })
  if (!sequential)
    lessons.forEach(
      (lesson, k) => void finishLesson(learners[k] as StudentNetwork, lesson, update, learning[k]),
    )
  const metrics = lessons.map((lesson) => lesson.metrics)
  const result = tf.stack(metrics)
  tf.dispose(metrics)
  return result
}

/** What student k learns from: the outputs of all its peers, or of its partner; in KDCL's ensembles it is one of them. */
function sourcesOf(
  k: number,
  predictions: Outputs[],
  partners: Tensor | undefined,
  { featureWeight, ensembleRule }: Teaching,
): Outputs[] {
  if (ensembleRule !== 'MEAN_POSTERIOR') return predictions
  if (!partners) return predictions.filter((_, j) => j !== k)
  const choose = (all: Tensor[]) => {
    const partner = tf.gather(tf.stack(all), tf.slice(partners, [k], [1]) as never)
    return tf.squeeze(partner, [0])
  }
  const logits = choose(predictions.map((one) => one.logits))
  // Students whose features are of different sizes, which do not stack, do not match them.
  const features = featureWeight > 0 ? choose(predictions.map((one) => one.features)) : logits
  return [{ logits, features }]
}

/** Who learns in a step in which the leader may have to wait. */
function learningNow(predictions: Outputs[], inputs: TeachingInputs, { temperature }: Teaching): Tensor[] {
  const logits = predictions.map((one) => labelled(one.logits, inputs.labels))
  const { labels, mixedWith, otherShare } = inputs
  const classes = (logits[0] as Tensor).shape[1] as number
  return whoLearns(logits, labelTargets({ labels, mixedWith, otherShare }, classes, 0), temperature)
}

function finishLesson(
  student: StudentNetwork,
  { gradients, statistics }: Lesson,
  update: UpdateStudent,
  learns: Tensor | undefined,
): void {
  update(student, gradients, learns)
  updateMovingStatistics(statistics, learns)
  dispose(statistics)
}

/** One student's loss, its parts and its gradients (equation 1). */
function learn(
  student: StudentNetwork,
  sources: Outputs[],
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
    const outputs = forward(student, pictures, statistics)
    const { logits } = outputs
    const known = labelled(logits, inputs.labels)
    const own = labelLoss(labelTargets(inputs, logits.shape[1] as number, labelSmoothing), known)
    const { mutual, features } = teachingLosses(sources, outputs, teaching, inputs)
    const weighted = (weight: number) => (teachingShare ? tf.mul(teachingShare, weight) : weight)
    const taught = mutual ? tf.add(own, tf.mul(mutual, weighted(teaching.weight))) : own
    const loss = features ? tf.add(taught, tf.mul(features, weighted(teaching.featureWeight))) : taught
    metrics = tf.keep(tf.stack([loss, own, mutual ?? tf.scalar(0), top1(inputs, known)]))
    return loss as never
  }, variables)
  return { gradients: grads, statistics, metrics: metrics as Tensor }
}

/** The logits of the images that have labels. */
function labelled(logits: Tensor, labels: Tensor): Tensor {
  const [images, classes] = logits.shape as [number, number]
  return labels.size === images ? logits : tf.slice(logits, [0, 0], [labels.size, classes])
}

/** A prediction with batch statistics that does not change the student. */
function predictInTraining(student: StudentNetwork, pictures: Tensor): Outputs {
  const statistics: BatchStatistics[] = []
  const outputs = tf.tidy(() => forward(student, pictures, statistics))
  dispose(statistics)
  return outputs
}

function forward({ model }: StudentNetwork, pictures: Tensor, statistics: BatchStatistics[]): Outputs {
  const pass: TrainingPass = { training: true, statistics }
  const [logits, features] = model.apply(pictures, pass) as [Tensor, Tensor]
  return { logits, features }
}

function dispose(statistics: BatchStatistics[]): void {
  for (const { mean, variance } of statistics) tf.dispose([mean, variance])
}
