import { Progress, Text } from '@mantine/core'
import { TRAINING_PHASE_WORDS } from '../../../contract/runs/run-words.ts'
import type { RunRowFragment } from '../../graphql/generated/operations.ts'
import { progressShare } from './run-facts.ts'
import { RunStatusMark } from './run-status.tsx'

/** A run's status in a table cell, with its progress while it is training. */
export function RunStateCell({ run }: { run: RunRowFragment }) {
  const { epoch, epochs } = run.progress
  return (
    <div className="min-w-32">
      <RunStatusMark status={run.status} />
      {run.status === 'RUNNING' && (
        <>
          <Progress
            value={progressShare(run.progress) * 100}
            size={4}
            mt={6}
            aria-label={`Progress of run ${run.number}`}
          />
          <Text size="xs" c="dimmed" mt={3}>
            {run.phase === 'TRAINING'
              ? `Epoch ${epoch} of ${epochs}`
              : run.phase && TRAINING_PHASE_WORDS[run.phase]}
          </Text>
        </>
      )}
      {run.status === 'QUEUED' && (
        <Text size="xs" c="dimmed" mt={2} title={run.waitingReason ?? undefined}>
          {queueWords(run)}
        </Text>
      )}
    </div>
  )
}

function queueWords({ queuePosition, waitingReason }: RunRowFragment): string | null {
  if (waitingReason !== null) return 'No worker can take it now'
  if (queuePosition === null) return null
  return queuePosition === 0 ? 'Next in line' : `${queuePosition} before it`
}
