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
  QUEUED: ['STARTING', 'FAILED', 'CANCELED'],
  STARTING: ['RUNNING', 'QUEUED', 'FAILED', 'CANCELED'],
  RUNNING: ['SUCCEEDED', 'PAUSING', 'QUEUED', 'FAILED', 'CANCELED'],
  PAUSING: ['PAUSED', 'SUCCEEDED', 'QUEUED', 'FAILED', 'CANCELED'],
  PAUSED: ['QUEUED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: [],
  CANCELED: [],
}

/** Nothing follows it. */
export function isEnded(status: RunStatus): boolean {
  return RUN_TRANSITIONS[status].length === 0
}

/** A worker holds the run. */
export function isHeld(status: RunStatus): boolean {
  return status === 'STARTING' || status === 'RUNNING' || status === 'PAUSING'
}
