import type { Teaching } from '../../../contract/cohort.ts'
import type { Outputs } from '../students/student-network.ts'
import type { Tensor } from '../tensorflow.ts'
import {
  distillationLoss,
  ensembleFeatureLoss,
  ensembleTeacherLoss,
  featureLoss,
  mutualLoss,
} from './losses.ts'
import { classesOf, type LabelInputs } from './targets.ts'

/** What a student learns from others, before it is weighted. */
interface TeachingLosses {
  /** From posteriors; undefined where nobody teaches. */
  mutual?: Tensor
  /** From features; undefined where they have no weight. */
  features?: Tensor
}

/**
 * @param sources  the outputs that a student learns from
 * @param own  its own
 * @param labels  of the images, the first of them
 */
export function teachingLosses(
  sources: Outputs[],
  own: Outputs,
  teaching: Teaching,
  labels: LabelInputs,
): TeachingLosses {
  const { method, featureWeight } = teaching
  if (method === 'INDEPENDENT') return {}
  const logits = sources.map((source) => source.logits)
  const truth = needsClasses(teaching) ? classesOf(labels, logits) : undefined
  const mutual = posteriorLoss(logits, own.logits, teaching, truth)
  if (featureWeight === 0) return { mutual }
  const matching = method === 'ENSEMBLE_TEACHER' ? ensembleFeatureLoss : featureLoss
  return {
    mutual,
    features: matching(
      sources.map(({ features }) => features),
      own.features,
    ),
  }
}

/** Whether what is taught of an image depends on its class. */
function needsClasses({ method, divergence, ensembleRule }: Teaching): boolean {
  return divergence === 'DECOUPLED_KL' || (method === 'ENSEMBLE_TEACHER' && ensembleRule !== 'MEAN_POSTERIOR')
}

function posteriorLoss(sources: Tensor[], logits: Tensor, teaching: Teaching, truth?: Tensor): Tensor {
  switch (teaching.method) {
    case 'ENSEMBLE_TEACHER':
      return ensembleTeacherLoss(sources, logits, teaching, truth)
    case 'DISTILLATION':
      return distillationLoss(sources[0] as Tensor, logits, teaching, truth)
    default:
      return mutualLoss(sources, logits, teaching, truth)
  }
}
