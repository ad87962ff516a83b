import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { QUEUES } from '../../contract/jobs.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { type JobQueues, openJobQueues, openJobWorker } from '../../storage/queue.ts'
import { reconcile } from '../../workers/jobs/reconcile.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from '../datasets/pictures.ts'
import { childrenOf } from './processes.ts'
import { createReadyVersion, createRun, createTeam, createVersion, type TestTeam } from './rows.ts'
import { waitUntil } from './wait-until.ts'

const SAMPLE = path.resolve('samples/fashion-mnist-sample.zip')
const ENDLESS = { overrides: { epochs: 10_000, evaluateEveryEpochs: 10_000 } }

let db: TestDatabase
let folder: string
let storage: DiskStorage
let team: TestTeam
let queues: JobQueues
let tinyArchive: string
const workers = new Set<ChildProcess>()

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'worker-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
  team = await createTeam(db.database)
  queues = await openJobQueues({ databaseUrl: db.url }, () => {})
  tinyArchive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
})

afterEach(async () => {
  await Promise.all([...workers].map((worker) => endWorker(worker, 'SIGKILL')))
  // A worker takes whatever run waits: none may be left for those of the next test.
  await db.database.$executeRaw`
    UPDATE "Run" SET status = 'CANCELED', "leaseUntil" = NULL, "pauseReason" = NULL, fence = fence + 1,
      "finishedAt" = timezone('UTC', now())
    WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED')`
})

afterAll(async () => {
  await queues?.close()
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** A worker as it is started for daily use: a process of its own. */
function startWorkerProcess(more: NodeJS.ProcessEnv = {}): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/main.ts'], {
    env: { ...process.env, DATABASE_URL: db.url, STUDYHALL_HOME: folder, LOG_LEVEL: 'warn', ...more },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  workers.add(worker)
  worker.once('exit', () => workers.delete(worker))
  return worker
}

/** @returns the exit code; null where a signal ended it */
async function endWorker(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode
  const exited = new Promise<number | null>((resolve) => worker.once('exit', resolve))
  worker.kill(signal)
  return exited
}

const versionOf = (id: string) => db.database.datasetVersion.findUniqueOrThrow({ where: { id } })
const runOf = (id: string) => db.database.run.findUniqueOrThrow({ where: { id } })

async function waitForSteps(runId: string): Promise<void> {
  await waitUntil(
    'the run has metrics',
    () => db.database.metricPoint.findFirst({ where: { runId } }),
    60_000,
  )
}

it('imports the sample as it ships, and tells how far it is', async () => {
  const id = await createVersion(db.database, team, storage, SAMPLE)
  startWorkerProcess()
  await queues.enqueueImportDataset({ datasetVersionId: id })
  const onTheWay = await waitUntil('some pictures are seen', async () => {
    const version = await versionOf(id)
    return version.picturesSeen > 0 && version
  })
  expect(onTheWay.picturesTotal).toBe(6000)
  const version = await waitUntil('the version is imported', async () => {
    const found = await versionOf(id)
    return found.status !== 'IMPORTING' && found
  })
  expect(version).toMatchObject({ status: 'READY', failure: null, picturesSeen: 6000, picturesTotal: 6000 })
  expect(version.report).toMatchObject({ pictures: 6000, ignoredCount: 1, leftOutCount: 0, resizedCount: 0 })
  expect(version.manifest).toMatchObject({
    height: 28,
    width: 28,
    channels: 1,
    splits: {
      train: { count: 5000, classCounts: new Array(10).fill(500) },
      test: { count: 1000, classCounts: new Array(10).fill(100) },
    },
  })
}, 60_000)

it('marks an import FAILED with words and keeps on working', async () => {
  const broken = await writeZip(path.join(folder, 'broken.zip'), { 'readme.txt': 'no picture here' })
  const brokenId = await createVersion(db.database, team, storage, broken)
  const goodId = await createVersion(db.database, team, storage, tinyArchive)
  startWorkerProcess()
  await queues.enqueueImportDataset({ datasetVersionId: brokenId })
  await queues.enqueueImportDataset({ datasetVersionId: goodId })
  await waitUntil('the good one is READY', async () => (await versionOf(goodId)).status === 'READY')
  const version = await versionOf(brokenId)
  expect(version.status).toBe('FAILED')
  expect(version.failure).toContain('There is no picture in it')
}, 60_000)

it('takes up the import of a worker that was killed', async () => {
  const id = await createVersion(db.database, team, storage, SAMPLE)
  const killed = startWorkerProcess()
  await queues.enqueueImportDataset({ datasetVersionId: id })
  await waitUntil('it is being imported', async () => (await versionOf(id)).picturesSeen > 0)
  await endWorker(killed, 'SIGKILL')
  expect((await versionOf(id)).status).toBe('IMPORTING')
  startWorkerProcess()
  await waitUntil('the version is READY', async () => (await versionOf(id)).status === 'READY', 60_000)
}, 90_000)

it('gives an import back at once when it is told to end', async () => {
  const id = await createVersion(db.database, team, storage, SAMPLE)
  const ending = startWorkerProcess()
  await queues.enqueueImportDataset({ datasetVersionId: id })
  await waitUntil('it is being imported', async () => (await versionOf(id)).picturesSeen > 0)
  expect(await endWorker(ending, 'SIGTERM')).toBe(0)
  expect((await versionOf(id)).status).toBe('IMPORTING')
  // A lost worker's job is given to another after 15 s; this one's is taken by whoever is there.
  const taken: string[] = []
  const here = openJobWorker(
    QUEUES.importDataset,
    { databaseUrl: db.url },
    async ({ datasetVersionId }) => void taken.push(datasetVersionId),
    { concurrency: 1, onError: () => {} },
  )
  await expect.poll(() => taken, { timeout: 12_000 }).toEqual([id])
  await here.close()
}, 60_000)

it('ends within 30 s of SIGTERM, gives its run back, and the next worker takes it', async () => {
  const versionId = await createReadyVersion(db.database, team, storage, tinyArchive)
  const runId = await createRun(db.database, team, versionId, ENDLESS)
  const ending = startWorkerProcess()
  await queues.enqueueTrainRun()
  await waitForSteps(runId)
  const endingAt = performance.now()
  expect(await endWorker(ending, 'SIGTERM')).toBe(0)
  expect(performance.now() - endingAt).toBeLessThan(30_000)
  expect(await runOf(runId)).toMatchObject({ status: 'QUEUED', attempt: 2, setbacks: 0 })

  const next = startWorkerProcess()
  await waitUntil('the run is RUNNING again', async () => (await runOf(runId)).status === 'RUNNING')
  await endWorker(next, 'SIGKILL')
}, 90_000)

it('takes its training process along when it is killed, and another worker goes on from the checkpoint', async () => {
  const versionId = await createReadyVersion(db.database, team, storage, tinyArchive)
  const runId = await createRun(db.database, team, versionId, ENDLESS)
  const killed = startWorkerProcess({ WORKER_CHECKPOINT_STEPS: '5' })
  await queues.enqueueTrainRun()
  await waitUntil(
    'the run is saved',
    () => db.database.checkpoint.findFirst({ where: { runId, step: { gt: 20 } } }),
    60_000,
  )
  const children = await childrenOf(killed.pid!)
  expect(children.length).toBeGreaterThan(0)
  await endWorker(killed, 'SIGKILL')
  await waitUntil('the training process is gone', async () => {
    const alive = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/stat`).catch(() => null)))
    return alive.every((stat) => stat === null)
  })

  expect((await reconcile(db.database, queues))?.lostRuns).toEqual([])
  expect((await runOf(runId)).status).toBe('RUNNING')
  // In place of 30 seconds of waiting.
  await db.database
    .$executeRaw`UPDATE "Run" SET "leaseUntil" = "leaseUntil" - interval '31 seconds' WHERE id = ${runId}`
  const next = startWorkerProcess()
  const attempt = await waitUntil(
    'the next attempt trains',
    () => db.database.runAttempt.findFirst({ where: { runId, number: 2, fromStep: { not: null } } }),
    60_000,
  )
  expect(attempt.fromStep).toBeGreaterThan(20)
  const lost = await db.database.runAttempt.findUniqueOrThrow({
    where: { runId_number: { runId, number: 1 } },
  })
  expect(lost).toMatchObject({ outcome: 'LOST', failureCode: 'WORKER_LOST' })
  await endWorker(next, 'SIGKILL')
}, 90_000)

it('finds a run and an import that have no job', async () => {
  const versionId = await createReadyVersion(db.database, team, storage, tinyArchive)
  const runId = await createRun(db.database, team, versionId)
  const importId = await createVersion(db.database, team, storage, tinyArchive)
  startWorkerProcess()
  await waitUntil('the run has SUCCEEDED', async () => (await runOf(runId)).status === 'SUCCEEDED', 60_000)
  await waitUntil('the version is READY', async () => (await versionOf(importId)).status === 'READY')
}, 90_000)

it('says what is wrong with its environment and exits with 1', async () => {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/main.ts'], {
    env: { PATH: process.env.PATH, DATABASE_URL: 'mysql://nowhere', LOG_LEVEL: 'loud' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  worker.stderr!.on('data', (chunk) => {
    errors += chunk
  })
  expect(await new Promise((resolve) => worker.once('close', resolve))).toBe(1)
  expect(errors).toMatch(/DATABASE_URL: is no PostgreSQL URL/)
  expect(errors).toMatch(/LOG_LEVEL/)
})
