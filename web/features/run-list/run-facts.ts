import type { RunRowFragment } from '../../graphql/generated/operations.ts'

type Progress = RunRowFragment['progress']

/** Completed share of the training, 0 to 1. */
export function progressShare({ step, steps, epoch, epochs }: Progress): number {
  if (steps) return Math.min(1, step / steps)
  return epochs > 0 ? Math.min(1, Math.max(0, epoch - 1) / epochs) : 0
}

type ScoredRun = Pick<RunRowFragment, 'datasetVersion'>
type ScoredStudent = Pick<
  RunRowFragment['students'][number],
  'lastTestTop1' | 'bestTestTop1' | 'lastTestMap' | 'bestTestMap'
>

/** A student's test score, 0 to 1: top-1 accuracy, or mean average precision for retrieval. */
export function scoreOf(
  { datasetVersion }: ScoredRun,
  student: ScoredStudent,
  which: 'best' | 'last',
): number | null {
  if (datasetVersion.dataset.kind === 'RETRIEVAL')
    return which === 'best' ? student.bestTestMap : student.lastTestMap
  return which === 'best' ? student.bestTestTop1 : student.lastTestTop1
}

/** The best student's score; null before the first evaluation. */
export function bestScoreOf(run: RunRowFragment, which: 'best' | 'last'): number | null {
  const scores = run.students.map((student) => scoreOf(run, student, which)).filter((score) => score !== null)
  return scores.length > 0 ? Math.max(...scores) : null
}

type TimedRun = Pick<RunRowFragment, 'startedAt' | 'attemptSeconds' | 'attemptStartedAt'>

/** Seconds that workers have held the run, including the current attempt; null before the first claim. */
export function durationSeconds(run: TimedRun, nowMs: number): number | null {
  if (!run.startedAt) return null
  const currentMs = run.attemptStartedAt ? Math.max(0, nowMs - Date.parse(run.attemptStartedAt)) : 0
  return run.attemptSeconds + currentMs / 1000
}
