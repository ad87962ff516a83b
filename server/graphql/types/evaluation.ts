import type { RetrievalEvaluation as Retrieval } from '../../../contract/evaluation.ts'
import {
  type Evaluation as ClassEvaluation,
  ensembleGain,
  RunEvaluation,
} from '../../../contract/evaluation.ts'
import type { Evaluation, RetrievalEvaluation } from '../generated/resolvers.ts'

/** Converts a stored evaluation to the schema's type for classification or retrieval. */
export function toVerdict(stored: unknown): {
  evaluation: Evaluation | null
  retrieval: RetrievalEvaluation | null
} {
  if (stored === null) return { evaluation: null, retrieval: null }
  const verdict = RunEvaluation.parse(stored)
  return verdict.kind === 'RETRIEVAL'
    ? { evaluation: null, retrieval: toRetrieval(verdict) }
    : { evaluation: toEvaluation(verdict), retrieval: null }
}

function toEvaluation({ testCount, delivered, students, ensemble, peers }: ClassEvaluation): Evaluation {
  const shares = students.map(({ top1 }) => top1)
  return {
    testCount,
    delivered,
    students: students.map(({ confusion, ...student }) => ({
      ...student,
      confusion: confusion?.map(([label, takenFor, count]) => ({ class: label, takenFor, count })),
    })),
    ...ensemble,
    meanPosteriorGain: ensembleGain(ensemble.meanPosteriorTop1, shares),
    concatenatedFeaturesGain: ensembleGain(ensemble.concatenatedFeaturesTop1, shares),
    peerDivergence: peers?.divergence,
    peerDisagreement: peers?.disagreement,
  }
}

function toRetrieval({ students, ensemble, ...counts }: Retrieval): RetrievalEvaluation {
  return {
    ...counts,
    students: students.map(({ name, architecture, parameters, ...score }) => ({
      name,
      architecture,
      parameters,
      score,
    })),
    ensemble,
    gain: ensembleGain(
      ensemble.meanAveragePrecision,
      students.map(({ meanAveragePrecision }) => meanAveragePrecision),
    ),
  }
}
