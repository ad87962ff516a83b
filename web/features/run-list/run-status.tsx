import type { RunStatus } from '../../../contract/run-states.ts'
import { StatusMark, type Tone } from '../../design/status-mark.tsx'
import type { RunPhase } from '../../graphql/generated/operations.ts'

export const runStatusWords: Record<RunStatus, string> = {
  QUEUED: 'Queued',
  STARTING: 'Starting',
  RUNNING: 'Running',
  PAUSING: 'Pausing',
  PAUSED: 'Paused',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELED: 'Canceled',
}

export const runPhaseWords: Record<RunPhase, string> = {
  LOADING: 'Loading images',
  CAPTURING: 'Capturing the training step',
  TRAINING: 'Training',
  EVALUATING: 'Evaluating on the test images',
  EXPORTING: 'Exporting the models',
}

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
  return <StatusMark tone={tones[status]}>{runStatusWords[status]}</StatusMark>
}
