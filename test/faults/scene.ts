import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Database, openDatabase } from '../../prisma/client.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import { type JobQueues, openJobQueues } from '../../storage/queue.ts'
import { reconcile } from '../../workers/jobs/reconcile.ts'
import { createTestDatabase } from '../database.ts'
import { readPoints } from '../points.ts'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam, type TestTeam } from '../workers/rows.ts'
import { type FoundTraining, StandingWorkers } from '../workers/standing-workers.ts'
import { waitUntil } from '../workers/wait-until.ts'

/** One stage of teaching, two small students who differ, an evaluation now and then; 12 steps an epoch. */
const STUDENTS = ['convnet-0.25', 'convnet-0.25']
const STEPS_PER_EPOCH = 12

/** What a run must come to, whatever happens on the way. */
export interface Outcome {
  /** Of every file, by its owner's name: the weights are in it. */
  artifacts: Record<string, string>
  finalCheckpoint: string
  /** `student|name|step|value`, sorted. */
  points: string[]
}

interface SceneOptions {
  /** Where it is left out, a database of its own on the server that all tests share. */
  databaseUrl?: string
  /** How long its runs are. */
  epochs?: number
  /** A folder for blobs and scratch; one of its own where it is left out. */
  home?: string
}

/** A team with a tiny dataset, and standing workers, to be killed, stopped and deceived. */
export class Scene {
  readonly database: Database
  readonly databaseUrl: string
  readonly queues: JobQueues
  readonly storage: DiskStorage
  readonly home: string
  /** They save their runs every 10 steps. */
  readonly workers: StandingWorkers
  readonly #team: TestTeam
  readonly #versionId: string
  readonly #epochs: number
  readonly #close: () => Promise<void>

  private constructor(
    parts: Pick<Scene, 'database' | 'databaseUrl' | 'queues' | 'storage' | 'home'>,
    team: TestTeam,
    versionId: string,
    epochs: number,
    close: () => Promise<void>,
  ) {
    this.database = parts.database
    this.databaseUrl = parts.databaseUrl
    this.queues = parts.queues
    this.storage = parts.storage
    this.home = parts.home
    this.workers = new StandingWorkers({
      DATABASE_URL: parts.databaseUrl,
      STUDYHALL_HOME: parts.home,
      LOG_LEVEL: 'fatal',
      WORKER_CHECKPOINT_STEPS: '10',
    })
    this.#team = team
    this.#versionId = versionId
    this.#epochs = epochs
    this.#close = close
  }

  static async open({ databaseUrl, epochs = 40, home }: SceneOptions = {}): Promise<Scene> {
    const folder = await mkdtemp(path.join(tmpdir(), 'faults-'))
    const db = databaseUrl
      ? { url: databaseUrl, database: openDatabase(databaseUrl), drop: undefined }
      : await createTestDatabase()
    const { url, database } = db
    const storage = new DiskStorage(path.join(home ?? folder, 'storage'))
    const queues = await openJobQueues({ databaseUrl: url }, () => {})
    const team = await createTeam(database)
    const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(48))
    const versionId = await createReadyVersion(database, team, storage, archive)
    const close = async () => {
      await queues.close()
      if (db.drop) await db.drop()
      else await database.$disconnect()
      await rm(folder, { recursive: true, force: true })
    }
    const parts = { database, databaseUrl: url, queues, storage, home: home ?? folder }
    return new Scene(parts, team, versionId, epochs, close)
  }

  get steps(): number {
    return this.#epochs * STEPS_PER_EPOCH
  }

  /** A QUEUED run of the same order as every other of the scene; for workers of a label where one is named. */
  async createRun(label?: string): Promise<string> {
    const runId = await createRun(this.database, this.#team, this.#versionId, {
      architectures: STUDENTS,
      overrides: { epochs: this.#epochs, batchSize: 8, evaluateEveryEpochs: 5, labelNoise: 0.1 },
      seed: 7,
      ...(label !== undefined && { label }),
    })
    await this.queues.enqueue(trainRunOn(null), {})
    return runId
  }

  runOf(id: string) {
    return this.database.run.findUniqueOrThrow({ where: { id } })
  }

  /** The run's training process, and the worker that holds it; undefined where the run has succeeded before. */
  async waitForTraining(runId: string): Promise<FoundTraining | undefined> {
    const look = async () => {
      const run = await this.runOf(runId)
      if (run.status === 'FAILED') throw new Error(`the run failed: ${run.failureMessage}`)
      if (run.status === 'SUCCEEDED') return { found: undefined }
      const found = (await this.workers.trainings()).find(({ worker }) =>
        run.workerName?.endsWith(`:${worker.pid}`),
      )
      return found && { found }
    }
    return (await waitUntil('the run trains or has succeeded', look, 120_000)).found
  }

  /** In place of the 30 seconds after which a silent worker is lost. */
  async hastenLoss(runId: string): Promise<void> {
    await this.database.$executeRaw`
      UPDATE "Run" SET "leaseUntil" = "leaseUntil" - interval '40 seconds' WHERE id = ${runId}`
    // Null where a worker is at it, which may have looked at this run before.
    await waitUntil('rows and queue are compared', () => reconcile(this.database, this.queues))
  }

  /** In place of the wait before another attempt; and of the checkpoint without which the third loss is the last. */
  async hastenRetry(runId: string): Promise<void> {
    await this.database.$executeRaw`
      UPDATE "Run" SET "attemptsWithoutProgress" = 0 WHERE id = ${runId} AND status IN ('QUEUED', 'STARTING', 'RUNNING')`
    await this.database.$executeRaw`
      UPDATE "Run" SET "retryAt" = NULL WHERE id = ${runId} AND status = 'QUEUED'`
    await this.queues.enqueue(trainRunOn(null), {})
  }

  /** Waits until it trains after so many steps, whoever trains it. */
  async waitForStep(runId: string, step: number): Promise<void> {
    const look = async () => {
      const run = await this.runOf(runId)
      if (run.status === 'FAILED') throw new Error(`the run failed: ${run.failureMessage}`)
      return run.status === 'SUCCEEDED' || run.step >= step
    }
    await waitUntil(`the run is at step ${step}`, look, 120_000)
  }

  async waitForSuccess(runId: string, timeoutMs = 180_000): Promise<void> {
    const look = async () => {
      const run = await this.runOf(runId)
      if (run.status === 'FAILED') throw new Error(`the run failed: ${run.failureMessage}`)
      return run.status === 'SUCCEEDED'
    }
    await waitUntil('the run has succeeded', look, timeoutMs)
  }

  async readOutcome(runId: string): Promise<Outcome> {
    const include = { artifacts: true }
    const models = await this.database.model.findMany({
      where: { runId },
      include: { ...include, student: true },
    })
    const ensemble = await this.database.ensemble.findUniqueOrThrow({ where: { runId }, include })
    const files = [
      ...models.flatMap(({ artifacts, student }) => artifacts.map((file) => [student.name, file.sha256])),
      ...ensemble.artifacts.map((file) => ['ensemble', file.sha256]),
    ]
    const final = await this.database.checkpoint.findFirstOrThrow({ where: { runId, kind: 'FINAL' } })
    const points = await readPoints(this.database, { runId })
    return {
      artifacts: Object.fromEntries(files),
      finalCheckpoint: final.sha256,
      points: points.map(({ student, name, step, value }) => `${student}|${name}|${step}|${value}`).sort(),
    }
  }

  /** The outcome of a run that nothing has disturbed. The worker that trained it stays up. */
  async readReference(): Promise<Outcome> {
    this.workers.keep(1)
    const runId = await this.createRun()
    await this.waitForSuccess(runId)
    return this.readOutcome(runId)
  }

  /** After a test that failed: whatever it has left in disorder is not to be the next one's. */
  async tidyUp(): Promise<void> {
    await this.workers.endAll()
    await this.database.$executeRaw`
      UPDATE "Run" SET status = 'CANCELED', "leaseUntil" = NULL, "pauseReason" = NULL, fence = fence + 1,
        "finishedAt" = now()
      WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED')`
  }

  async close(): Promise<void> {
    await this.workers.endAll()
    await this.#close()
  }
}
