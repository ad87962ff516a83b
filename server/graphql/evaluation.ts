import { Evaluation as EvaluationContract, ensembleGain } from '../../contract/evaluation.ts'
import type { Evaluation } from './generated/resolvers.ts'

/** A stored verdict in the schema's shape. */
export function toEvaluation(stored: unknown): Evaluation {
  const { testCount, students, ensemble, peers } = EvaluationContract.parse(stored)
  const shares = students.map(({ top1 }) => top1)
  return {
    testCount,
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
