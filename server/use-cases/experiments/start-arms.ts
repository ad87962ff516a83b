import { Cohort } from '../../../contract/cohort.ts'
import type { ExperimentFile } from '../../../experiments/design/experiment-file.ts'
import type { Arm } from '../../../experiments/record.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { findStarts } from '../cohorts/find-starts.ts'
import { parseInput } from '../parse-input.ts'

/** The arms of an experiment with the weights that their students begin with. @throws AppError that names the arm */
export async function startArms(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  teamId: string,
  file: ExperimentFile,
  arms: readonly Arm[],
): Promise<Arm[]> {
  const started: Arm[] = []
  for (const [i, arm] of arms.entries()) {
    const path = ['experiment', 'arms', String(i)]
    const entries = (file.arms[i]?.students ?? []).map((student) =>
      typeof student === 'string' ? { architecture: student } : student,
    )
    const starts = await findStarts(database, storage, teamId, entries).catch((error) => {
      if (!(error instanceof AppError)) throw error
      const problems = error.problems.map((problem) => ({
        ...problem,
        message: `Arm ${arm.name}: ${problem.message}`,
        path: [...path, ...problem.path],
      }))
      throw AppError.ofProblems(problems)
    })
    const students = arm.cohort.students.map((student, k) => ({ ...student, start: starts.get(k) }))
    const cohort = starts.size > 0 ? parseInput(Cohort, { ...arm.cohort, students }, path) : arm.cohort
    started.push({ ...arm, cohort })
  }
  return started
}
