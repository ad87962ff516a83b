import type { LogLevel, LogSource, RunEventPayload, RunLoad } from '../../contract/runs/run-events.ts'
import { toStorable } from '../../contract/text.ts'
import type { MetricPoint, TrainingEvent } from '../../contract/training.ts'
import { type Database, Prisma } from '../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { recordClassHits } from '../../runs/class-hits.ts'
import { recordMetrics, recordRunEvent } from '../../runs/events.ts'
import { type Lease, LeaseLostError, writeUnderLease } from '../../runs/lease.ts'
import { type Beginning, beginTraining, enterPhase, recordExecution } from '../../runs/transitions/index.ts'
import { recordWeightHashes } from '../../runs/weight-hashes.ts'
import type { RunAlarms } from '../alarms/run-alarms.ts'
import { RemainingTime } from '../training/remaining-time.ts'
import { GatheredPoints } from './gathered-points.ts'
import { recordCheckpoint, type StoredCheckpoint } from './record-checkpoint.ts'

const BATCH_MS = 100
/** What gathers while the database is slow or away is written in events of no more than about so many points. */
const MAX_BATCH_POINTS = 20_000
const MAX_LOGS = 2000
/** PostgreSQL's error code. */
const UNIQUE_VIOLATION = '23505'
const MAX_LOG_CHARACTERS = 1000

type Progress = Extract<TrainingEvent, { type: 'metrics' }>
type Hashes = Extract<TrainingEvent, { type: 'weights' }>
type ClassHits = Extract<TrainingEvent, { type: 'classHits' }>
type Log = Extract<RunEventPayload, { kind: 'LOG' }>

interface Batch {
  logs: Log[]
  points: GatheredPoints
  /** The same points, as they came. */
  watched: MetricPoint[]
  progress: Progress | undefined
}

/**
 * Writes a training process's messages to the run's rows, in order. Log lines and metrics are batched every
 * 100 ms, each in its own transaction, and buffered here while the database is unavailable. A batch takes what
 * comes until its turn to be written: where writes take longer than 100 ms, they become larger and not later.
 */
export class RunRecorder {
  readonly #database: Database
  readonly #lease: Lease
  readonly #alarms: RunAlarms | undefined
  readonly #onFailure: (error: unknown) => void
  readonly #sampleCard: () => RunLoad['card'] | null
  readonly #remaining = new RemainingTime()
  /** What comes is added to it, also once it has been enqueued. */
  #batch = emptyBatch()
  #isEnqueued = false
  #timer: NodeJS.Timeout | undefined
  #writes: Promise<void> = Promise.resolve()
  #failed = false
  #logs = 0
  /** Steps per epoch, known once the first metrics have arrived. */
  #stepsPerEpoch = 1

  /**
   * @param onFailure  called once, when a write has failed permanently; nothing is written after that
   * @param sampleCard  the use of the graphics card that it trains on, if it does and if that is known
   */
  constructor(
    database: Database,
    lease: Lease,
    onFailure: (error: unknown) => void,
    {
      alarms,
      sampleCard = () => null,
    }: { alarms?: RunAlarms; sampleCard?: () => RunLoad['card'] | null } = {},
  ) {
    this.#database = database
    this.#lease = lease
    this.#alarms = alarms
    this.#onFailure = onFailure
    this.#sampleCard = sampleCard
  }

  enterPhase(phase: Extract<TrainingEvent, { type: 'phase' }>['phase']): void {
    this.#sealBatch()
    this.#enqueue(() => enterPhase(this.#database, this.#lease, phase))
  }

  /** Must be called before the first metrics are added. */
  begin(beginning: Beginning): void {
    this.#sealBatch()
    this.#enqueue(() => beginTraining(this.#database, this.#lease, beginning))
    this.#enqueue(async () => this.#alarms?.begin(beginning.step))
  }

  /** Written after everything added before it, so all points up to its step come first. */
  addCheckpoint(checkpoint: Omit<StoredCheckpoint, 'epoch'>): void {
    this.#sealBatch()
    const epoch = Math.ceil(checkpoint.step / this.#stepsPerEpoch)
    this.#enqueue(() => recordCheckpoint(this.#database, this.#lease, { ...checkpoint, epoch }))
  }

  addWeightHashes(hashes: Hashes): void {
    this.#sealBatch()
    this.#enqueue(() => recordWeightHashes(this.#database, this.#lease, hashes))
  }

  /** Written before the points that are added after it, which tell pages to look for it. */
  addClassHits(hits: ClassHits): void {
    this.#sealBatch()
    this.#enqueue(() => recordClassHits(this.#database, this.#lease, hits))
  }

  correctMode({ mode: executionMode }: Extract<TrainingEvent, { type: 'execution' }>): void {
    this.#enqueue(() => recordExecution(this.#database, this.#lease, { executionMode }))
  }

  addMetrics(progress: Progress): void {
    if (this.#failed) return
    this.#stepsPerEpoch = progress.steps / progress.epochs
    this.#batch.progress = progress
    this.#batch.points.add(progress.points)
    for (const point of progress.points) this.#batch.watched.push(point)
    if (this.#batch.watched.length >= MAX_BATCH_POINTS) this.#sealBatch()
    else this.#scheduleBatch()
  }

  /** Keeps 2,000 lines of 1,000 characters, then one more that says that later lines are dropped. */
  addLog(source: LogSource, level: LogLevel, message: string): void {
    if (this.#logs > MAX_LOGS) return
    const isLast = this.#logs++ === MAX_LOGS
    this.#batch.logs.push(
      isLast
        ? {
            kind: 'LOG',
            level: 'WARN',
            source: 'WORKER',
            message: 'The run has logged too many lines; later ones are not kept.',
          }
        : { kind: 'LOG', level, source, message: toStorable(message, MAX_LOG_CHARACTERS) },
    )
    this.#scheduleBatch()
  }

  /** Resolves once everything added so far has been written or has failed. */
  async flush(): Promise<void> {
    this.#sealBatch()
    await this.#writes
  }

  #scheduleBatch(): void {
    this.#timer ??= setTimeout(() => this.#enqueueBatch(), BATCH_MS)
  }

  #enqueueBatch(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    if (this.#isEnqueued || (batch.logs.length === 0 && batch.progress === undefined)) return
    this.#isEnqueued = true
    this.#enqueue(() => {
      if (this.#batch === batch) this.#beginBatch()
      return this.#writeBatch(batch)
    })
  }

  /** What comes from now on is written after whatever is enqueued next. */
  #sealBatch(): void {
    this.#enqueueBatch()
    this.#beginBatch()
  }

  #beginBatch(): void {
    this.#batch = emptyBatch()
    this.#isEnqueued = false
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

  async #writeBatch({ logs, progress, points, watched }: Batch): Promise<void> {
    if (logs.length > 0) await this.#writeLogs(logs)
    if (progress) await this.#writeProgress(progress, points)
    if (watched.length > 0) await this.#alarms?.take(watched)
  }

  async #writeLogs(logs: Log[]): Promise<void> {
    const { runId, fence } = this.#lease
    await writeUnderLease(this.#database, this.#lease, async (tx) => {
      for (const log of logs) await recordRunEvent(tx, runId, fence, log)
    })
  }

  async #writeProgress(progress: Progress, points: GatheredPoints): Promise<void> {
    const { step, steps, epoch, epochs, imagesPerSecond, load } = progress
    const { runId, fence } = this.#lease
    const remainingSeconds = this.#remaining.update(step, steps)
    const card = this.#sampleCard()
    const used = load && { load: { ...load, ...(card && { card }) } }
    const payload = { step, steps, epoch, epochs, imagesPerSecond, remainingSeconds, ...used }
    const series = points.series()
    const seq = await retryWhileDatabaseAway((attempt) =>
      recordMetrics(this.#database, runId, fence, { kind: 'METRICS', ...payload }, series).catch((error) => {
        // The connection broke after the commit but before its reply: the points are already stored.
        if (attempt > 1 && isDuplicate(error)) return 'stored'
        throw error
      }),
    )
    if (seq === null) throw new LeaseLostError(`run ${runId} is no longer held under fence ${fence}`)
  }
}

function emptyBatch(): Batch {
  return { logs: [], points: new GatheredPoints(), watched: [], progress: undefined }
}

function isDuplicate(error: unknown): boolean {
  // Where Prisma puts the database's error of a raw query.
  const driverError =
    error instanceof Prisma.PrismaClientKnownRequestError ? error.meta?.driverAdapterError : undefined
  const cause =
    driverError instanceof Error ? (driverError.cause as { originalCode?: string } | undefined) : undefined
  return cause?.originalCode === UNIQUE_VIOLATION
}
