import { formatCount, formatShare } from '../../../design/format-numbers.ts'
import type { Tone } from '../../../design/status-mark.tsx'
import type {
  AttemptOutcome,
  AttemptRowFragment,
  CheckpointRowFragment,
} from '../../../graphql/generated/operations.ts'
import type { PageRun } from '../live/run-feed.ts'

export interface Happening {
  at: string
  title: string
  note: string | null
  tone: Tone
}

const ends: Record<AttemptOutcome, { title: string; tone: Tone }> = {
  SUCCEEDED: { title: 'Trained and evaluated; models stored', tone: 'good' },
  FAILED: { title: 'The attempt failed', tone: 'bad' },
  CANCELED: { title: 'Canceled', tone: 'neutral' },
  PAUSED: { title: 'Paused', tone: 'waiting' },
  RETURNED: { title: 'Returned to the queue', tone: 'neutral' },
  LOST: { title: 'The worker was lost', tone: 'bad' },
}

interface History {
  attempts: readonly AttemptRowFragment[]
  checkpoints: readonly CheckpointRowFragment[]
}

type TimedRun = Pick<PageRun, 'createdAt' | 'createdBy' | 'finishedAt' | 'status' | 'clonedFrom'>

/** What happened to a run, oldest first. */
export function timelineOf(run: TimedRun, { attempts, checkpoints }: History): Happening[] {
  const asked = run.clonedFrom ? `With the settings of run ${run.clonedFrom.number}` : null
  const happenings: Happening[] = [
    { at: run.createdAt, title: `Asked for by ${run.createdBy.name}`, note: asked, tone: 'neutral' },
    ...attempts.flatMap(ofAttempt),
    ...checkpoints.map(ofCheckpoint),
  ]
  // A run that nobody held is canceled without an attempt's end.
  const isTold = attempts.some(({ endedAt, outcome }) => endedAt && outcome === 'CANCELED')
  if (run.status === 'CANCELED' && run.finishedAt && !isTold)
    happenings.push({ at: run.finishedAt, title: 'Canceled', note: null, tone: 'neutral' })
  return happenings.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

function ofAttempt({
  workerName,
  startedAt,
  endedAt,
  outcome,
  failure,
  fromStep,
}: AttemptRowFragment): Happening[] {
  const begun: Happening = {
    at: startedAt,
    title: `Taken by ${workerName}`,
    note: fromStep ? `Resumed from the checkpoint of step ${formatCount(fromStep)}` : null,
    tone: 'busy',
  }
  if (!endedAt || !outcome) return [begun]
  // Only what goes on breathes.
  return [
    { ...begun, tone: 'neutral' },
    { at: endedAt, ...ends[outcome], note: failure?.message ?? null },
  ]
}

function ofCheckpoint({ step, kind, testTop1, createdAt }: CheckpointRowFragment): Happening {
  const best = kind === 'BEST' ? ', the best on the test images so far' : ''
  return {
    at: createdAt,
    title: `Checkpoint after step ${formatCount(step)}${best}`,
    note: testTop1 === null ? null : `Test accuracy ${formatShare(testTop1)}, the mean of the students`,
    tone: 'neutral',
  }
}
