import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import type { Claimant } from '../../runs/turns.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import type { WorkerConfig } from '../config.ts'
import type { RunControl } from './run-control.ts'

/** What every job needs of its worker. */
export interface WorkerContext {
  config: WorkerConfig
  database: Database
  storage: BlobStorage
  log: Logger
  control: RunControl
  /** What it offers to runs. */
  claimant: Claimant
  /** Aborted when the worker is told to end. */
  shutdown: AbortSignal
}

/** What imports and looks at uploads need of it: no training. */
export type ImportContext = Pick<WorkerContext, 'database' | 'storage' | 'log' | 'shutdown'> & {
  config: Pick<WorkerConfig, 'scratchFolder'>
}
