export const RUN_STATUSES = [
  'QUEUED',
  'STARTING',
  'RUNNING',
  'PAUSING',
  'PAUSED',
  'SUCCEEDED',
  'FAILED',
  'CANCELED',
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

/** The allowed transitions; a database trigger rejects all others. */
export const RUN_TRANSITIONS: Record<RunStatus, readonly RunStatus[]> = {
  QUEUED: ['STARTING', 'PAUSED', 'FAILED', 'CANCELED'],
  STARTING: ['RUNNING', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED'],
  RUNNING: ['SUCCEEDED', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED'],
  PAUSING: ['RUNNING', 'PAUSED', 'SUCCEEDED', 'QUEUED', 'FAILED', 'CANCELED'],
  PAUSED: ['QUEUED', 'CANCELED'],
  SUCCEEDED: [],
  // A user may retry the run.
  FAILED: ['QUEUED'],
  CANCELED: ['QUEUED'],
}

/**
 * ASKED: a user paused the run. DISK_FULL: it resumes by itself once there is space. QUOTA: its team’s device hours of the
 * month are used up; a user resumes it.
 */
export const PAUSE_REASONS = ['ASKED', 'DISK_FULL', 'QUOTA'] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]

/** Whether the status changes only if a user retries the run. */
export function isEnded(status: RunStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED'
}

/** Statuses in which a worker holds the run. */
export const HELD_STATUSES = ['STARTING', 'RUNNING', 'PAUSING'] as const satisfies readonly RunStatus[]
export type HeldStatus = (typeof HELD_STATUSES)[number]

export function isHeld(status: RunStatus): status is HeldStatus {
  return (HELD_STATUSES as readonly RunStatus[]).includes(status)
}
