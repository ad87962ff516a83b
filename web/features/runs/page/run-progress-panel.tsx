import { Progress, Text } from '@mantine/core'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { TRAINING_PHASE_WORDS } from '../../../../contract/runs/run-words.ts'
import { type Fact, Facts } from '../../../design/facts.tsx'
import { formatCount } from '../../../design/format-numbers.ts'
import { formatDuration } from '../../../design/format-time.ts'
import { Panel } from '../../../design/panel.tsx'
import { useNow } from '../../../design/use-now.ts'
import { durationSeconds, progressShare } from '../../run-list/run-facts.ts'
import type { PageRun } from '../live/run-feed.ts'
import { useRunTurn } from '../live/use-run-turn.ts'

/** The run's progress, as a bar and in numbers that do not shift as they change. */
export function RunProgressPanel({ run }: { run: PageRun }) {
  const ended = isEnded(run.status)
  const turn = useRunTurn(run)
  const nowMs = useNow(!ended)
  const { step, steps, epoch, epochs, imagesPerSecond, remainingSeconds } = run.progress
  const seconds = durationSeconds(run, nowMs)
  const share = run.status === 'SUCCEEDED' ? 1 : progressShare(run.progress)
  const remaining: Fact = ['Remaining', remainingSeconds === null ? '–' : formatDuration(remainingSeconds)]
  return (
    <Panel>
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <Text fw={600}>{headline({ ...run, ...turn })}</Text>
        <Text size="sm" c="dimmed" className="numbers whitespace-nowrap">
          {Math.round(share * 100)} %
        </Text>
      </div>
      {turn.waitingReason && (
        <Text size="sm" c="dimmed" mb="sm">
          {turn.waitingReason}
        </Text>
      )}
      <Progress value={share * 100} size="md" aria-label="Training progress" mb="md" />
      <Facts
        columns={ended ? 'sm:grid-cols-4' : 'sm:grid-cols-3 lg:grid-cols-5'}
        facts={[
          ['Epoch', `${formatCount(epoch)} of ${formatCount(epochs)}`],
          ['Step', steps === null ? '–' : `${formatCount(step)} of ${formatCount(steps)}`],
          ['Images per second', imagesPerSecond === null ? '–' : formatCount(imagesPerSecond)],
          ['Duration', seconds === null ? '–' : formatDuration(seconds)],
          ...(ended ? [] : [remaining]),
        ]}
      />
    </Panel>
  )
}

type Waiting = PageRun & { startsInSeconds: number | null }

function queueHeadline({ queuePosition, waitingReason, startsInSeconds }: Waiting): string {
  if (waitingReason !== null) return 'Waiting; no worker can take it now'
  if (queuePosition === null) return 'Waiting for a free worker'
  const place = queuePosition === 0 ? 'next in line' : `${queuePosition} before it`
  const start = startsInSeconds ? `; starts in about ${formatDuration(startsInSeconds)}` : ''
  return `Waiting for a free worker, ${place}${start}`
}

function headline(run: Waiting): string {
  const { status, phase, pauseReason } = run
  if (status === 'QUEUED') return queueHeadline(run)
  if (status === 'PAUSED')
    return pauseReason === 'DISK_FULL'
      ? 'Paused: a disk is full; it continues by itself when there is space'
      : pauseReason === 'QUOTA'
        ? 'Paused: the team’s device hours of this month are used up; resume it once there are more'
        : 'Paused'
  if (status === 'PAUSING') return 'Saving a checkpoint before pausing'
  if (status === 'SUCCEEDED') return 'Trained and evaluated; models stored'
  if (status === 'CANCELED') return 'Canceled'
  if (status === 'FAILED') return 'Failed'
  return phase ? TRAINING_PHASE_WORDS[phase] : 'Claimed by a worker'
}
