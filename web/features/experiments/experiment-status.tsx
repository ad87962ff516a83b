import { formatDuration } from '../../design/format-time.ts'
import { StatusMark, type Tone } from '../../design/status-mark.tsx'
import type { ExperimentRowFragment, ExperimentStatus } from '../../graphql/generated/operations.ts'

const marks: Record<ExperimentStatus, { tone: Tone; word: string }> = {
  WAITING: { tone: 'waiting', word: 'Waiting' },
  RUNNING: { tone: 'busy', word: 'Running' },
  ENDED: { tone: 'good', word: 'Ended' },
  CANCELED: { tone: 'neutral', word: 'Canceled' },
}

type Shown = Pick<ExperimentRowFragment, 'progress' | 'decidedAt'>

export function ExperimentStatusMark({ progress: { status, failed }, decidedAt }: Shown) {
  const { tone, word } = marks[status]
  if (status === 'ENDED' && decidedAt) return <StatusMark tone="good">Decided</StatusMark>
  return <StatusMark tone={status === 'ENDED' && failed > 0 ? 'bad' : tone}>{word}</StatusMark>
}

export function isUnderWay({ status }: ExperimentRowFragment['progress']): boolean {
  return status === 'WAITING' || status === 'RUNNING'
}

/** `12 of 20 runs, 1 failed, about 8 min left`. */
export function progressWords(progress: ExperimentRowFragment['progress']): string {
  const { runs, succeeded, failed, canceled, running, remainingSeconds } = progress
  return [
    `${succeeded} of ${runs} ${runs === 1 ? 'run' : 'runs'} finished`,
    running > 0 && `${running} running`,
    failed > 0 && `${failed} failed`,
    canceled > 0 && `${canceled} not trained`,
    remainingSeconds !== null && `about ${formatDuration(remainingSeconds)} left`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}
