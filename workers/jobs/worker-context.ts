import type { Database } from '../../prisma/client.ts'
import type { DiskStorage } from '../../storage/disk.ts'
import type { WorkerConfig } from '../config.ts'
import type { Logger } from '../log.ts'
import type { RunControl } from './run-control.ts'

/** What every job needs of its worker. */
export interface WorkerContext {
  config: WorkerConfig
  database: Database
  storage: DiskStorage
  log: Logger
  control: RunControl
  /** Aborted when the worker is told to end. */
  shutdown: AbortSignal
}
