import type { OwnTeam } from './own-team.ts'

interface RunEvent {
  __typename: string
  seq: number
  status?: string
  phase?: string | null
  failure?: { message: string } | null
  progress?: {
    step: number
    steps: number
    epoch: number
    epochs: number
    imagesPerSecond: number
    remainingSeconds: number
  }
  series?: { student: number | null; name: string; values: number[] }[]
}

export interface RunView {
  status: string
  phase: string | null
  progress: RunEvent['progress'] | null
  /** Newest value of each metric, by student. */
  students: Record<string, number>[]
}

/** Follows a run from its first event to its last and shows every change. Throws what made the run fail. */
export async function watchRun(
  api: OwnTeam['api'],
  runId: string,
  studentCount: number,
  show: (view: RunView) => void,
): Promise<void> {
  const view: RunView = {
    status: 'QUEUED',
    phase: null,
    progress: null,
    students: Array.from({ length: studentCount }, () => ({})),
  }
  const events = api.listen<{ runEvents: RunEvent }>(
    `subscription ($runId: ID!) { runEvents(runId: $runId, afterSeq: 0) {
      __typename seq
      ... on RunStatusChanged { status phase failure { message } }
      ... on MetricsRecorded {
        progress { step steps epoch epochs imagesPerSecond remainingSeconds }
        series { student name values } } } }`,
    { runId },
  )
  for await (const { runEvents: event } of events) {
    if (event.failure) throw new Error(`The run failed: ${event.failure.message}`)
    if (event.status === 'CANCELED') throw new Error('The run was canceled.')
    applyEvent(view, event)
    show(view)
  }
  if (view.status !== 'SUCCEEDED') throw new Error(`The run’s events ended while it was ${view.status}.`)
}

function applyEvent(view: RunView, event: RunEvent): void {
  if (event.status) view.status = event.status
  if (event.phase !== undefined) view.phase = event.phase
  if (event.progress) view.progress = event.progress
  for (const { student, name, values } of event.series ?? []) {
    if (student !== null) view.students[student]![name] = values.at(-1)!
  }
}
