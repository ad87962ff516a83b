import type { LogLevel, LogSource, RunEventPayload } from '../../contract/run-events.ts'
import type { MetricPoint, TrainingEvent } from '../../contract/training.ts'
import { type Database, Prisma, type Transaction } from '../../prisma/client.ts'
import { recordRunEvent } from '../../prisma/run-events.ts'
import { recordCheckpoint, type StoredCheckpoint } from './record-checkpoint.ts'
import { RemainingTime } from './remaining-time.ts'
import { type Lease, writeUnderLease } from './run-lease.ts'
import { type Beginning, beginTraining, enterPhase } from './run-status.ts'

const BATCH_MS = 100
const MAX_LOGS = 2000
/** PostgreSQL's code. */
const UNIQUE_VIOLATION = '23505'
const MAX_LOG_CHARACTERS = 1000

type Progress = Extract<TrainingEvent, { type: 'metrics' }>
type Log = Extract<RunEventPayload, { kind: 'LOG' }>

interface Batch {
  logs: Log[]
  points: MetricPoint[]
  progress: Progress | undefined
}

/**
 * Writes what a training process tells into the run's rows, in order: metrics and log lines in a batch every 100 ms, one
 * transaction each. While the database is away they gather here.
 */
export class RunRecorder {
  readonly #database: Database
  readonly #lease: Lease
  readonly #onFailure: (error: unknown) => void
  readonly #remaining = new RemainingTime()
  #batch: Batch = { logs: [], points: [], progress: undefined }
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
    this.#batch.points.push(...progress.points)
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
    this.#batch = { logs: [], points: [], progress: undefined }
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

  async #writeBatch(batch: Batch): Promise<void> {
    let tries = 0
    try {
      await writeUnderLease(this.#database, this.#lease, async (tx) => {
        tries++
        for (const log of batch.logs) await recordRunEvent(tx, this.#lease.runId, this.#lease.fence, log)
        if (batch.progress) await this.#writeProgress(tx, batch.progress, batch.points)
      })
    } catch (error) {
      // The connection broke after the commit and before its answer: the points are there.
      if (tries > 1 && isDuplicate(error)) return
      throw error
    }
  }

  async #writeProgress(tx: Transaction, progress: Progress, points: MetricPoint[]): Promise<void> {
    const { step, steps, epoch, epochs, imagesPerSecond } = progress
    const { runId, fence } = this.#lease
    await tx.$executeRaw`
      UPDATE "Run" SET step = ${step}, steps = ${steps}, epoch = ${epoch}, "imagesPerSecond" = ${imagesPerSecond}::float8
      WHERE id = ${runId}`
    const remainingSeconds = this.#remaining.update(step, steps)
    const payload = {
      kind: 'METRICS',
      step,
      steps,
      epoch,
      epochs,
      imagesPerSecond,
      remainingSeconds,
    } as const
    await recordRunEvent(tx, runId, fence, payload, points)
  }
}

function isDuplicate(error: unknown): boolean {
  // As Prisma tells of an error in SQL of our own.
  const told =
    error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : undefined
  const cause = told instanceof Error ? (told.cause as { originalCode?: string } | undefined) : undefined
  return cause?.originalCode === UNIQUE_VIOLATION
}
