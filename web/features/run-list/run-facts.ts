import type { RunRowFragment } from '../../graphql/generated/operations.ts'

type Progress = RunRowFragment['progress']

/** The share of the training that is done, 0 to 1. */
export function progressShare({ step, steps, epoch, epochs }: Progress): number {
  if (steps) return Math.min(1, step / steps)
  return epochs > 0 ? Math.min(1, Math.max(0, epoch - 1) / epochs) : 0
}

/** Highest of the students' test accuracies; null before the first measurement. */
export function bestOf(run: RunRowFragment, field: 'bestTestTop1' | 'lastTestTop1'): number | null {
  const shares = run.students.map((student) => student[field]).filter((share) => share !== null)
  return shares.length > 0 ? Math.max(...shares) : null
}

/** Seconds from the start to the end, or to now; null before a worker took it. */
export function durationSeconds(run: RunRowFragment, nowMs: number): number | null {
  if (!run.startedAt) return null
  const endMs = run.finishedAt ? Date.parse(run.finishedAt) : nowMs
  return Math.max(0, (endMs - Date.parse(run.startedAt)) / 1000)
}
