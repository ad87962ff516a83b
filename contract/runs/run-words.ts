import type { TRAINING_PHASES } from '../training.ts'
import type { RunStatus } from './run-states.ts'

/** How a run's status is shown on pages and in its log. */
export const RUN_STATUS_WORDS: Record<RunStatus, string> = {
  QUEUED: 'Queued',
  STARTING: 'Starting',
  RUNNING: 'Running',
  PAUSING: 'Pausing',
  PAUSED: 'Paused',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELED: 'Canceled',
}

/** How the phase of a run that a worker holds is shown. */
export const TRAINING_PHASE_WORDS: Record<(typeof TRAINING_PHASES)[number], string> = {
  LOADING: 'Loading images',
  CAPTURING: 'Capturing the training step',
  TRAINING: 'Training',
  EVALUATING: 'Evaluating on the test images',
  EXPORTING: 'Exporting the models',
}
