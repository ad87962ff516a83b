'use client'

import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { PauseRunDocument, ResumeRunDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../../run-list/notify-problems.ts'
import type { PageRun } from '../live/run-feed.ts'
import { CancelRunButton } from './cancel-run-button.tsx'
import { MoreActions } from './more-actions.tsx'
import { RetryRunMenu } from './retry-run-menu.tsx'

/** The actions available for a run in its current status. */
export function RunActions({ run, base, onChanged }: { run: PageRun; base: string; onChanged: () => void }) {
  const { id, number, status } = run
  return (
    <>
      {(status === 'QUEUED' || status === 'STARTING' || status === 'RUNNING') && (
        <PauseButton runId={id} onChanged={onChanged} />
      )}
      {(status === 'PAUSED' || status === 'PAUSING') && <ResumeButton runId={id} onChanged={onChanged} />}
      {(status === 'FAILED' || status === 'CANCELED') && <RetryRunMenu run={run} onChanged={onChanged} />}
      {!isEnded(status) && <CancelRunButton runId={id} number={number} />}
      <MoreActions run={run} base={base} />
    </>
  )
}

interface Props {
  runId: string
  onChanged: () => void
}

function PauseButton({ runId, onChanged }: Props) {
  const [pauseRun, busy] = useMutationWithRetry(PauseRunDocument)
  const pause = async () => {
    const answer = await pauseRun({ input: { runId } })
    notifyProblems('The run was not paused', answer?.pauseRun.errors)
    onChanged()
  }
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPause size={16} />}
      loading={busy}
      onClick={() => void pause()}
    >
      Pause
    </Button>
  )
}

function ResumeButton({ runId, onChanged }: Props) {
  const [resumeRun, busy] = useMutationWithRetry(ResumeRunDocument)
  const resume = async () => {
    const answer = await resumeRun({ input: { runId } })
    notifyProblems('The run was not resumed', answer?.resumeRun.errors)
    onChanged()
  }
  return (
    <Button leftSection={<IconPlayerPlay size={16} />} loading={busy} onClick={() => void resume()}>
      Resume
    </Button>
  )
}
