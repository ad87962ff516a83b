import { changesBetween, sinceWhen } from '../../../contract/runs/fork.ts'
import type { Database, Run, Student } from '../../../prisma/client.ts'
import { compareWithUnforked, type ForkComparison } from './compare-fork.ts'
import { forkOf, readCohort } from './fork-run.ts'

/** What a run went on from, and who stayed. */
export interface RunFork {
  /** Null once it is deleted. */
  run: Run | null
  step: number
  sha256: string
  students: { student: Student; stays: boolean; joinedAfterStep: number | null }[]
  /** Names; empty once the run that they were in is deleted. */
  left: string[]
  /** Reads the curves of up to 51 runs. */
  compare: () => Promise<ForkComparison | null>
}

/** Null of a run that begins with its first step. */
export async function readFork(database: Database, run: Run): Promise<RunFork | null> {
  const fork = forkOf(run)
  if (!fork) return null
  const from =
    run.forkedFromId === null ? null : await database.run.findUnique({ where: { id: run.forkedFromId } })
  const [own, before] = await Promise.all([
    readCohort(database, run.cohortId),
    from && readCohort(database, from.cohortId),
  ])
  const { joined, step, sha256 } = fork
  const students = own.students.map((student) => ({
    student,
    stays: sinceWhen(joined, student.name) !== step,
    joinedAfterStep: sinceWhen(joined, student.name) ?? null,
  }))
  const leave = before ? changesBetween(before.cohort, own.cohort).leave : []
  const compare = async () =>
    from && before ? compareWithUnforked(database, { run, from, own, before, step }) : null
  return { run: from, step, sha256, students, left: leave.map(({ name }) => name), compare }
}
