import { formatShare } from '../../design/format-numbers.ts'
import type { ArtifactFormat, TrainedRowFragment } from '../../graphql/generated/operations.ts'

export const formatWords: Record<ArtifactFormat, string> = {
  TFJS: 'TensorFlow.js',
  SAVED_MODEL: 'SavedModel',
  ONNX: 'ONNX',
  SAFETENSORS: 'safetensors',
  KERAS: 'Keras',
  ONNX_INT8: 'ONNX, int8',
}

export const formats = Object.keys(formatWords) as ArtifactFormat[]

/** Display name. */
export function nameOf(trained: TrainedRowFragment): string {
  return trained.__typename === 'Model' ? trained.student.name : 'Ensemble'
}

/** Architecture, or an ensemble's cohort. */
export function noteOf(trained: TrainedRowFragment): string {
  return trained.__typename === 'Model' ? trained.student.architecture : trained.run.cohort.name
}

/** The score to compare by: accuracy, or mean average precision for retrieval. */
export function scoreOf(trained: TrainedRowFragment): number | null {
  if (trained.meanAveragePrecision !== null) return trained.meanAveragePrecision
  if (trained.__typename === 'Model') return trained.top1
  return Math.max(trained.meanPosteriorTop1 ?? 0, trained.concatenatedFeaturesTop1 ?? 0)
}

export function scoreWords(trained: TrainedRowFragment): string {
  return `${formatShare(scoreOf(trained))}${trained.meanAveragePrecision === null ? '' : ' mAP'}`
}
