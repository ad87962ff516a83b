import { z } from 'zod'

/** What a worker trains on, and what a run may request. */
export const DEVICE_KINDS = ['CPU', 'GPU'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

/**
 * A worker's label, such as `a100` or `night`: a run that requests one is only taken by workers that have it.
 */
export const Label = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'a label has 1 to 63 letters, digits, dots, dashes and underscores',
  )

/** A worker without a heartbeat for this long is considered gone. */
export const WORKER_SILENT_SECONDS = 30
