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

/** Which status may follow which; a trigger in the database refuses the rest. */
export const RUN_TRANSITIONS: Record<RunStatus, readonly RunStatus[]> = {
  QUEUED: ['STARTING', 'PAUSED', 'FAILED', 'CANCELED'],
  STARTING: ['RUNNING', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED'],
  RUNNING: ['SUCCEEDED', 'PAUSING', 'PAUSED', 'QUEUED', 'FAILED', 'CANCELED'],
  PAUSING: ['RUNNING', 'PAUSED', 'SUCCEEDED', 'QUEUED', 'FAILED', 'CANCELED'],
  PAUSED: ['QUEUED', 'CANCELED'],
  SUCCEEDED: [],
  // A person may have it tried again.
  FAILED: ['QUEUED'],
  CANCELED: ['QUEUED'],
}

/** Somebody asked for it, or a disk was full: then it goes on by itself when there is room. */
export const PAUSE_REASONS = ['ASKED', 'DISK_FULL'] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]

/** Nothing follows it by itself. */
export function isEnded(status: RunStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED'
}

/** A worker holds the run. */
export const HELD_STATUSES = ['STARTING', 'RUNNING', 'PAUSING'] as const satisfies readonly RunStatus[]
export type HeldStatus = (typeof HELD_STATUSES)[number]

export function isHeld(status: RunStatus): status is HeldStatus {
  return (HELD_STATUSES as readonly RunStatus[]).includes(status)
}
