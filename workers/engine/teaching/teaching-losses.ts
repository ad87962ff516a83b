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

/** What a student learns from others, before it is weighted. */
interface TeachingLosses {
  /** From posteriors; undefined where nobody teaches. */
  mutual?: Tensor
  /** From features; undefined where they have no weight. */
  features?: Tensor
}

/** @param sources  the outputs that a student learns from  @param own  its own */
export function teachingLosses(sources: Outputs[], own: Outputs, teaching: Teaching): TeachingLosses {
  const { method, featureWeight } = teaching
  if (method === 'INDEPENDENT') return {}
  const mutual = posteriorLoss(
    sources.map(({ logits }) => logits),
    own.logits,
    teaching,
  )
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

function posteriorLoss(sources: Tensor[], logits: Tensor, teaching: Teaching): Tensor {
  switch (teaching.method) {
    case 'ENSEMBLE_TEACHER':
      return ensembleTeacherLoss(sources, logits, teaching)
    case 'DISTILLATION':
      return distillationLoss(sources[0] as Tensor, logits, teaching)
    default:
      return mutualLoss(sources, logits, teaching)
  }
}
