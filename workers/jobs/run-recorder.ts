import type { LogLevel, LogSource, RunEventPayload } from '../../contract/run-events.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import { type Database, Prisma } from '../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { recordMetrics, recordRunEvent } from '../../runs/events.ts'
import { type Lease, LeaseLostError, writeUnderLease } from '../../runs/lease.ts'
import { type Beginning, beginTraining, enterPhase } from '../../runs/transitions/index.ts'
import { GatheredPoints } from './gathered-points.ts'
import { recordCheckpoint, type StoredCheckpoint } from './record-checkpoint.ts'
import { RemainingTime } from './remaining-time.ts'

const BATCH_MS = 100
const MAX_LOGS = 2000
/** PostgreSQL's code. */
const UNIQUE_VIOLATION = '23505'
const MAX_LOG_CHARACTERS = 1000

type Progress = Extract<TrainingEvent, { type: 'metrics' }>
type Log = Extract<RunEventPayload, { kind: 'LOG' }>

interface Batch {
  logs: Log[]
  points: GatheredPoints
  progress: Progress | undefined
}

/**
 * Writes what a training process tells into the run's rows, in order: log lines and metrics in a batch every 100 ms, each
 * in a transaction of their own. While the database is away they gather here.
 */
export class RunRecorder {
  readonly #database: Database
  readonly #lease: Lease
  readonly #onFailure: (error: unknown) => void
  readonly #remaining = new RemainingTime()
  #batch = emptyBatch()
  #timer: NodeJS.Timeout | undefined
  #writes: Promise<void> = Promise.resolve()
  #failed = false
  #logs = 0
  /** Steps of an epoch, once the first metrics have come. */
  #perEpoch = 1

  /** @param onFailure  told once, when a write has failed for good; nothing is written after that */
  constructor(database: Database, lease: Lease, onFailure: (error: unknown) => void) {
    this.#database = database
    this.#lease = lease
    this.#onFailure = onFailure
  }

  enterPhase(phase: Extract<TrainingEvent, { type: 'phase' }>['phase']): void {
    this.#enqueueBatch()
    this.#enqueue(() => enterPhase(this.#database, this.#lease, phase))
  }

  /** Comes before the first metrics. */
  begin(beginning: Beginning): void {
    this.#enqueueBatch()
    this.#enqueue(() => beginTraining(this.#database, this.#lease, beginning))
  }

  /** Is written after everything that was added before it: its own points and all earlier ones are. */
  addCheckpoint(checkpoint: Omit<StoredCheckpoint, 'epoch'>): void {
    this.#enqueueBatch()
    const epoch = Math.ceil(checkpoint.step / this.#perEpoch)
    this.#enqueue(() => recordCheckpoint(this.#database, this.#lease, { ...checkpoint, epoch }))
  }

  addMetrics(progress: Progress): void {
    this.#perEpoch = progress.steps / progress.epochs
    this.#batch.progress = progress
    this.#batch.points.add(progress.points)
    this.#wakeSoon()
  }

  /** Past 2,000 lines one more tells that there are more. A line is cut after 1,000 characters. */
  addLog(source: LogSource, level: LogLevel, message: string): void {
    if (this.#logs > MAX_LOGS) return
    const isLast = this.#logs++ === MAX_LOGS
    this.#batch.logs.push(
      isLast
        ? {
            kind: 'LOG',
            level: 'WARN',
            source: 'WORKER',
            message: 'There are too many lines; no more are kept.',
          }
        : { kind: 'LOG', level, source, message: message.slice(0, MAX_LOG_CHARACTERS) },
    )
    this.#wakeSoon()
  }

  /** Resolves when everything told so far has been written, or has failed to be. */
  async flush(): Promise<void> {
    this.#enqueueBatch()
    await this.#writes
  }

  #wakeSoon(): void {
    this.#timer ??= setTimeout(() => this.#enqueueBatch(), BATCH_MS)
  }

  #enqueueBatch(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    if (batch.logs.length === 0 && batch.progress === undefined) return
    this.#batch = emptyBatch()
    this.#enqueue(() => this.#writeBatch(batch))
  }

  #enqueue(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(async () => {
      if (this.#failed) return
      await write().catch((error) => {
        this.#failed = true
        this.#onFailure(error)
      })
    })
  }

  async #writeBatch({ logs, progress, points }: Batch): Promise<void> {
    if (logs.length > 0) await this.#writeLogs(logs)
    if (progress) await this.#writeProgress(progress, points)
  }

  async #writeLogs(logs: Log[]): Promise<void> {
    const { runId, fence } = this.#lease
    await writeUnderLease(this.#database, this.#lease, async (tx) => {
      for (const log of logs) await recordRunEvent(tx, runId, fence, log)
    })
  }

  async #writeProgress(progress: Progress, points: GatheredPoints): Promise<void> {
    const { step, steps, epoch, epochs, imagesPerSecond } = progress
    const { runId, fence } = this.#lease
    const remainingSeconds = this.#remaining.update(step, steps)
    const payload = { step, steps, epoch, epochs, imagesPerSecond, remainingSeconds }
    const series = points.series()
    const seq = await retryWhileDatabaseAway((attempt) =>
      recordMetrics(this.#database, runId, fence, { kind: 'METRICS', ...payload }, series).catch((error) => {
        // The connection broke after the commit and before its answer: the points are there.
        if (attempt > 1 && isDuplicate(error)) return 'there'
        throw error
      }),
    )
    if (seq === null) throw new LeaseLostError(`run ${runId} is no longer held under fence ${fence}`)
  }
}

function emptyBatch(): Batch {
  return { logs: [], points: new GatheredPoints(), progress: undefined }
}

function isDuplicate(error: unknown): boolean {
  // As Prisma tells of an error in SQL of our own.
  const told =
    error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : undefined
  const cause = told instanceof Error ? (told.cause as { originalCode?: string } | undefined) : undefined
  return cause?.originalCode === UNIQUE_VIOLATION
}
