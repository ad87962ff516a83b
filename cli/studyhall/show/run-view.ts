import type { RunEvent } from '../api/follow-run.ts'
import type { RunPartsFragment } from '../api/generated/operations.ts'

type Progress = Pick<
  RunPartsFragment['progress'],
  'step' | 'steps' | 'epoch' | 'epochs' | 'imagesPerSecond' | 'remainingSeconds'
>

/** A run as its events have told of it so far. */
export interface RunView {
  number: number
  status: string
  phase: string | null
  failure: string | null
  progress: Progress | null
  students: { name: string; architecture: string; latest: Record<string, number> }[]
}

export function viewOf(run: RunPartsFragment): RunView {
  return {
    number: run.number,
    status: run.status,
    phase: run.phase,
    failure: run.failure?.message ?? null,
    progress: run.progress.steps === null ? null : run.progress,
    students: run.students.map(({ student, lastLoss, lastTrainTop1, lastTestTop1, lastTestMap }) => ({
      name: student.name,
      architecture: student.architecture,
      latest: withoutNulls({
        loss: lastLoss,
        trainTop1: lastTrainTop1,
        testTop1: lastTestTop1,
        testMap: lastTestMap,
      }),
    })),
  }
}

function withoutNulls(numbers: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== null),
  )
}

/** Changes the view by what an event says. */
export function applyEvent(view: RunView, event: RunEvent): void {
  if (event.__typename === 'RunStatusChanged') {
    view.status = event.status
    view.phase = event.phase
    view.failure = event.failure?.message ?? null
  }
  if (event.__typename !== 'MetricsRecorded') return
  view.progress = event.progress
  for (const { student, name, values } of event.series) {
    const latest = student === null ? undefined : view.students[student]?.latest
    const value = values.at(-1)
    if (latest && value !== undefined) latest[name] = value
  }
}
