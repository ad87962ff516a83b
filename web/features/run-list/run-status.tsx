import type { RunStatus } from '../../../contract/runs/run-states.ts'
import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import { StatusMark, type Tone } from '../../design/status-mark.tsx'

const tones: Record<RunStatus, Tone> = {
  QUEUED: 'waiting',
  STARTING: 'busy',
  RUNNING: 'busy',
  PAUSING: 'busy',
  PAUSED: 'waiting',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  CANCELED: 'neutral',
}

export function RunStatusMark({ status }: { status: RunStatus }) {
  return <StatusMark tone={tones[status]}>{RUN_STATUS_WORDS[status]}</StatusMark>
}
