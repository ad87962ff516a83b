import { z } from 'zod'

/** What a worker trains on, and what a run may ask for. */
export const DEVICE_KINDS = ['CPU', 'GPU'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

/** A worker's label, such as `a100` or `night`: a run that asks for one is taken by such workers alone. */
export const Label = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'a label has 1 to 63 letters, digits, dots, dashes and underscores',
  )

/** After so long without a heartbeat a worker is held to be gone. */
export const WORKER_SILENT_SECONDS = 30
