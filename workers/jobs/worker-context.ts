import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import type { Claimant } from '../../runs/turns.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import type { WorkerConfig } from '../config.ts'
import type { CardUsage } from '../devices/card-usage.ts'
import type { RunControl } from './run-control.ts'

/** What jobs need from their worker. */
export interface WorkerContext {
  config: WorkerConfig
  database: Database
  storage: BlobStorage
  log: Logger
  control: RunControl
  /** Its name, device, labels and engine build, for claiming runs. */
  claimant: Claimant
  /** The graphics card that its training processes compute on; missing on a processor. */
  card?: { name: string; memoryBytes: number; software: string } | undefined
  /** The use of a card, by its UUID; null while it is unknown, and on a processor. */
  sampleCard?(uuid: string): CardUsage | null
  /** Aborted when the worker is asked to shut down. */
  shutdown: AbortSignal
}

/** The part that imports and upload inspections need. */
export type ImportContext = Pick<WorkerContext, 'database' | 'storage' | 'log' | 'shutdown'> & {
  config: Pick<WorkerConfig, 'scratchFolder'>
}
