import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { programArguments } from '../../scripts/start/program.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { type JobQueues, openJobQueues, openJobWorker } from '../../storage/queue.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { writeLastingImport } from './datasets/lasting-import.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam, createVersion, type TestTeam } from './rows.ts'
import { StandingWorkers } from './standing-workers.ts'
import { waitUntil } from './wait-until.ts'

const SAMPLE = path.resolve('samples/fashion-mnist-sample.zip')

let db: TestDatabase
let folder: string
let storage: DiskStorage
let team: TestTeam
let queues: JobQueues
let tinyArchive: string
let lastingArchive: string
/** One stays up, for whatever test comes next. */
let workers: StandingWorkers

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'worker-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
  workers = new StandingWorkers({ DATABASE_URL: db.url, STUDYHALL_HOME: folder, LOG_LEVEL: 'warn' })
  team = await createTeam(db.database)
  queues = await openJobQueues({ databaseUrl: db.url }, () => {})
  tinyArchive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  lastingArchive = await writeLastingImport(path.join(folder, 'lasting.zip'))
})

afterEach(({ task }) => (task.result?.state === 'fail' ? workers.endAll() : undefined))

afterAll(async () => {
  await workers?.endAll()
  await queues?.close()
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

const versionOf = (id: string) => db.database.datasetVersion.findUniqueOrThrow({ where: { id } })
const runOf = (id: string) => db.database.run.findUniqueOrThrow({ where: { id } })

/** Until it has told that some are seen: it is under way then. */
async function waitForPictures(id: string): Promise<void> {
  await waitUntil('it is being imported', async () => (await versionOf(id)).picturesSeen > 0, 60_000)
}

it('finds a run and an import that have no job', async () => {
  const versionId = await createReadyVersion(db.database, team, storage, tinyArchive)
  const runId = await createRun(db.database, team, versionId)
  const importId = await createVersion(db.database, team, storage, tinyArchive)
  workers.keep(1)
  await waitUntil('the version is READY', async () => (await versionOf(importId)).status === 'READY', 120_000)
  await waitUntil('the run has SUCCEEDED', async () => (await runOf(runId)).status === 'SUCCEEDED', 120_000)
}, 240_000)

it('imports the sample as it ships, and tells how far it is', async () => {
  const id = await createVersion(db.database, team, storage, SAMPLE)
  workers.keep(1)
  await queues.enqueue(importDatasetJob, { datasetVersionId: id })
  const onTheWay = await waitUntil(
    'some images are seen',
    async () => {
      const version = await versionOf(id)
      return version.picturesSeen > 0 && version
    },
    60_000,
  )
  expect(onTheWay.picturesTotal).toBe(6000)
  const version = await waitUntil(
    'the version is imported',
    async () => {
      const found = await versionOf(id)
      return found.status !== 'IMPORTING' && found
    },
    120_000,
  )
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
}, 240_000)

it('marks an import FAILED with words and keeps on working', async () => {
  const broken = await writeZip(path.join(folder, 'broken.zip'), { 'readme.txt': 'no image here' })
  const brokenId = await createVersion(db.database, team, storage, broken)
  const goodId = await createVersion(db.database, team, storage, tinyArchive)
  workers.keep(1)
  await queues.enqueue(importDatasetJob, { datasetVersionId: brokenId })
  await queues.enqueue(importDatasetJob, { datasetVersionId: goodId })
  await waitUntil('the good one is READY', async () => (await versionOf(goodId)).status === 'READY', 120_000)
  const version = await versionOf(brokenId)
  expect(version.status).toBe('FAILED')
  expect(version.failure).toContain('There is no image in it')
}, 180_000)

it('takes up the import of a worker that was killed', async () => {
  const id = await createVersion(db.database, team, storage, lastingArchive)
  const [killed] = workers.keep(1)
  await queues.enqueue(importDatasetJob, { datasetVersionId: id })
  await waitForPictures(id)
  await workers.end(killed!, 'SIGKILL')
  expect((await versionOf(id)).status).toBe('IMPORTING')
  // In place of the 15 s after which a job is held to be lost.
  await db.database.$executeRaw`
    UPDATE bullmq.job SET locked_until_ms = locked_until_ms - 15000 WHERE locked_until_ms IS NOT NULL`
  workers.keep(1)
  await waitUntil('the version is READY', async () => (await versionOf(id)).status === 'READY', 120_000)
}, 240_000)

it('gives an import back at once when it is told to end', async () => {
  const id = await createVersion(db.database, team, storage, lastingArchive)
  const [ending] = workers.keep(1)
  await queues.enqueue(importDatasetJob, { datasetVersionId: id })
  await waitForPictures(id)
  expect(await workers.end(ending!, 'SIGTERM')).toBe(0)
  expect((await versionOf(id)).status).toBe('IMPORTING')
  // A lost worker's job is given to another after 15 s; this one's is taken by whoever is there.
  const taken: string[] = []
  const here = openJobWorker(
    importDatasetJob,
    { databaseUrl: db.url },
    async ({ datasetVersionId }) => void taken.push(datasetVersionId),
    { concurrency: 1, onError: () => {} },
  )
  await expect.poll(() => taken, { timeout: 12_000 }).toEqual([id])
  await here.close()
}, 180_000)

it('says what is wrong with its environment and exits with 1', async () => {
  const worker = spawn(process.execPath, programArguments('worker'), {
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
