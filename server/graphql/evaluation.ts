import { Evaluation as EvaluationContract } from '../../contract/evaluation.ts'
import type { Evaluation } from './generated/resolvers.ts'

/** A stored verdict in the schema's shape. */
export function toEvaluation(stored: unknown): Evaluation {
  const { testCount, students, ensemble } = EvaluationContract.parse(stored)
  return { testCount, students, ...ensemble }
}
