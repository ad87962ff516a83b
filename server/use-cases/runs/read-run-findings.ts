import { type Evaluation, RunEvaluation } from '../../../contract/evaluation.ts'
import { findInOutcome, isAtChance, type RunFinding } from '../../../contract/runs/run-findings.ts'
import type { Run } from '../../../prisma/client.ts'
import type { StudentNumbers } from './read-student-numbers.ts'

/**
 * Notable findings about a run's outcome.
 * @param numbers  by the student's position in the cohort
 */
export function readRunFindings(
  { evaluation }: Run,
  classCount: number,
  numbers: ReadonlyMap<number, StudentNumbers>,
): RunFinding[] {
  const outcome = classEvaluationOf(evaluation)
  if (!outcome) return []
  const accuracies = outcome.students.map(({ name }, position) => ({
    name,
    best: numbers.get(position)?.bestTestTop1 ?? null,
    last: numbers.get(position)?.lastTestTop1 ?? null,
  }))
  return findInOutcome(outcome, classCount, accuracies)
}

/** Whether no student is better than chance on the test images. */
export function hasLearnedNothing({ evaluation }: Run, classCount: number): boolean {
  const outcome = classEvaluationOf(evaluation)
  if (!outcome) return false
  return outcome.students.every((student) => isAtChance(student, outcome.testCount, classCount))
}

function classEvaluationOf(stored: unknown): Evaluation | null {
  if (stored === null) return null
  const verdict = RunEvaluation.parse(stored)
  return verdict.kind === 'RETRIEVAL' ? null : verdict
}
