import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LabelSuspects } from '../../contract/label-suspects.ts'
import { CHANNELS } from '../../contract/run-events.ts'
import { queueAgain } from '../../prisma/run-attempts.ts'
import { readRunEvents, recordRunEvent } from '../../prisma/run-events.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { claimNextRun } from '../../workers/jobs/claim-run.ts'
import type { Claimant } from '../../workers/jobs/next-in-turn.ts'
import { RunControl } from '../../workers/jobs/run-control.ts'
import { LeaseLost, renewLease } from '../../workers/jobs/run-lease.ts'
import { enterPhase } from '../../workers/jobs/run-status.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import type { WorkerContext } from '../../workers/jobs/worker-context.ts'
import { openLog } from '../../workers/log.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from '../datasets/pictures.ts'
import { readPoints } from '../points.ts'
import { childrenOf } from './processes.ts'
import { createReadyVersion, createRun, createTeam, type TestTeam } from './rows.ts'
import { waitUntil } from './wait-until.ts'
import { workerConfig } from './worker-config.ts'

let db: TestDatabase
let folder: string
let storage: DiskStorage
let team: TestTeam
let versionId: string
let control: RunControl

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'train-run-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
  team = await createTeam(db.database)
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  versionId = await createReadyVersion(db.database, team, storage, archive)
  control = new RunControl(db.url, openLog('silent'))
  await control.open()
})

afterAll(async () => {
  await control?.close()
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

const claimant = (workerName: string): Claimant => ({
  workerName,
  device: 'CPU',
  labels: [],
  engineBuild: 'test',
})

function context(shutdown: AbortSignal = new AbortController().signal): WorkerContext {
  return {
    config: workerConfig(db.url, folder),
    database: db.database,
    storage,
    log: openLog('silent'),
    control,
    claimant: claimant('test:1'),
    shutdown,
  }
}

/** So many epochs that it ends only when it is made to. */
const ENDLESS = { overrides: { epochs: 10_000, evaluateEveryEpochs: 10_000 } }

const statusOf = async (id: string) => (await db.database.run.findUniqueOrThrow({ where: { id } })).status

async function waitForSteps(runId: string): Promise<void> {
  await waitUntil(
    'the run has metrics',
    () => db.database.metricChunk.findFirst({ where: { runId } }),
    60_000,
  )
}

async function waitForAttempt(runId: string, number: number): Promise<void> {
  await waitUntil(
    `attempt ${number} trains`,
    () => db.database.runAttempt.findFirst({ where: { runId, number, fromStep: { not: null } } }),
    60_000,
  )
}

async function statusesOf(runId: string): Promise<string[]> {
  const events = await readRunEvents(db.database, runId, 0, 10_000)
  return events.flatMap(({ payload }) => (payload.kind === 'STATUS' ? [payload.status] : []))
}

async function logOf(runId: string): Promise<unknown[][]> {
  const events = await readRunEvents(db.database, runId, 0, 10_000)
  return events.flatMap(({ payload }) =>
    payload.kind === 'LOG' ? [[payload.source, payload.level, payload.message]] : [],
  )
}

describe('a run', () => {
  it('trains to SUCCEEDED, with its metrics, evaluation, models, ensemble and files', async () => {
    const runId = await createRun(db.database, team, versionId)
    await trainNextRun(context())

    const run = await db.database.run.findUniqueOrThrow({
      where: { id: runId },
      include: { models: { include: { artifacts: true } }, ensemble: { include: { artifacts: true } } },
    })
    expect(run).toMatchObject({ status: 'SUCCEEDED', step: 4, steps: 4, epoch: 1, leaseUntil: null })
    expect(run.models).toHaveLength(2)
    expect(run.ensemble).not.toBeNull()
    const artifacts = [...run.models.flatMap((model) => model.artifacts), ...run.ensemble!.artifacts]
    expect(artifacts.map(({ format }) => format).sort()).toEqual([
      ...Array(3).fill('SAFETENSORS'),
      ...Array(3).fill('TFJS'),
    ])
    for (const { sha256, byteLength } of artifacts)
      expect(await storage.byteLength(sha256)).toBe(Number(byteLength))
    const suspects = JSON.parse((await buffer(storage.read(run.labelSuspectsSha256!))).toString())
    expect(LabelSuspects.parse(suspects).examined).toBe(64)

    const events = await readRunEvents(db.database, runId, 0, 10_000)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.at(-1)?.payload).toMatchObject({ kind: 'STATUS', status: 'SUCCEEDED' })
    expect(events.at(-2)?.payload).toMatchObject({ kind: 'EVALUATION' })
    const losses = events.flatMap(({ series }) => series.filter((one) => one.name === 'loss'))
    expect(losses.flatMap(({ steps, student }) => steps.map((step) => `${step}/${student}`)).sort()).toEqual(
      [1, 2, 3, 4].flatMap((step) => [`${step}/0`, `${step}/1`]),
    )
    expect(await readdir(path.join(folder, 'scratch'))).toEqual([])
  }, 90_000)

  it('is trained once where two workers take it at the same time', async () => {
    const runId = await createRun(db.database, team, versionId)
    const claims = await Promise.all(
      ['a:1', 'b:2', 'c:3'].map((name) => claimNextRun(db.database, claimant(name))),
    )
    expect(claims.filter((claim) => claim !== null)).toEqual([{ runId, fence: 1 }])
  })

  it('refuses every write of a worker whose fence is old', async () => {
    const runId = await createRun(db.database, team, versionId)
    const old = (await claimNextRun(db.database, claimant('a:1')))!
    const given = { status: 'QUEUED', leaseUntil: null, attempt: 2 } as const
    await db.database.run.update({ where: { id: runId }, data: given })
    const current = (await claimNextRun(db.database, claimant('b:2')))!

    await expect(enterPhase(db.database, old, 'TRAINING')).rejects.toBeInstanceOf(LeaseLost)
    expect(await renewLease(db.database, old)).toBeNull()
    expect(await renewLease(db.database, current)).toBe('STARTING')
    expect(await statusOf(runId)).toBe('STARTING')
  })

  it('stops its process within seconds of being canceled, and writes nothing after that', async () => {
    const runId = await createRun(db.database, team, versionId, ENDLESS)
    const trained = trainNextRun(context())
    await waitForSteps(runId)
    const canceledAt = performance.now()
    await db.database.$transaction(async (tx) => {
      await tx.$executeRaw`
        UPDATE "Run" SET status = 'CANCELED', "leaseUntil" = NULL, fence = fence + 1, "finishedAt" = timezone('UTC', now())
        WHERE id = ${runId}`
      await recordRunEvent(tx, runId, null, {
        kind: 'STATUS',
        status: 'CANCELED',
        phase: null,
        attempt: 1,
        failure: null,
      })
      await tx.$executeRaw`SELECT pg_notify(${CHANNELS.runControl}, ${runId})`
    })
    await trained
    expect(performance.now() - canceledAt).toBeLessThan(10_000)
    expect(await childrenOf(process.pid, 'training/process.ts')).toEqual([])
    const events = await readRunEvents(db.database, runId, 0, 10_000)
    expect(events.at(-1)?.payload).toMatchObject({ kind: 'STATUS', status: 'CANCELED' })
  }, 90_000)

  it('is tried three times when its training process is killed, and then fails with words', async () => {
    const runId = await createRun(db.database, team, versionId, ENDLESS)
    for (const attempt of [1, 2, 3]) {
      const trained = trainNextRun(context())
      await waitForAttempt(runId, attempt)
      for (const pid of await childrenOf(process.pid, 'training/process.ts')) process.kill(pid, 'SIGKILL')
      await trained
      const run = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
      if (attempt === 3) break
      expect(run).toMatchObject({ status: 'QUEUED', attempt: attempt + 1, setbacks: attempt })
      expect(run.retryAt!.getTime()).toBeGreaterThan(Date.now())
      // Not before its time.
      expect(await claimNextRun(db.database, claimant('test:1'))).toBeNull()
      await db.database.run.update({ where: { id: runId }, data: { retryAt: new Date() } })
    }
    const run = await db.database.run.findUniqueOrThrow({
      where: { id: runId },
      include: { attempts: { orderBy: { number: 'asc' } } },
    })
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'WORKER_LOST' })
    expect(run.failureMessage).toMatch(/SIGKILL.* 3 attempts in a row came no further/)
    expect(run.attempts.map(({ outcome, failureCode }) => [outcome, failureCode])).toEqual([
      ['LOST', 'WORKER_LOST'],
      ['LOST', 'WORKER_LOST'],
      ['FAILED', 'WORKER_LOST'],
    ])
    expect((await statusesOf(runId)).at(-1)).toBe('FAILED')
  }, 120_000)

  it('is saved and given back when its worker is shut down; by another recipe it begins anew', async () => {
    const runId = await createRun(db.database, team, versionId, ENDLESS)
    const shutdown = new AbortController()
    const trained = trainNextRun(context(shutdown.signal))
    await waitForSteps(runId)
    shutdown.abort()
    await trained
    const run = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(run).toMatchObject({ status: 'QUEUED', attempt: 2, setbacks: 0, retryAt: null, workerName: null })
    const [saved] = await db.database.checkpoint.findMany({ where: { runId } })
    expect(saved).toMatchObject({ step: run.step })
    expect(await storage.byteLength(saved!.sha256)).toBe(Number(saved!.byteLength))
    const stepsDone = (await readPoints(db.database, { runId, name: 'loss', student: 0 })).length
    expect(stepsDone).toBe(run.step)

    await db.database.run.update({
      where: { id: runId },
      data: { recipe: { ...(run.recipe as object), epochs: 1, evaluateEveryEpochs: 1 } },
    })
    await trainNextRun(context())
    expect(await statusOf(runId)).toBe('SUCCEEDED')
    expect((await readPoints(db.database, { runId, name: 'loss' })).length).toBe(8)
  }, 120_000)

  it('pauses within 10 s with a checkpoint, and goes on from there when it is resumed', async () => {
    const runId = await createRun(db.database, team, versionId, {
      overrides: { epochs: 100, evaluateEveryEpochs: 50 },
    })
    const trained = trainNextRun(context())
    await waitForSteps(runId)
    const askedAt = performance.now()
    await db.database.run.update({ where: { id: runId }, data: { status: 'PAUSING' } })
    await db.database.$executeRaw`SELECT pg_notify(${CHANNELS.runControl}, ${runId})`
    await trained
    expect(performance.now() - askedAt).toBeLessThan(10_000)
    const paused = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(paused).toMatchObject({ status: 'PAUSED', pauseReason: 'ASKED', retryAt: null, leaseUntil: null })
    const newestFirst = { where: { runId }, orderBy: { step: 'desc' } } as const
    expect(await db.database.checkpoint.findFirst(newestFirst)).toMatchObject({ step: paused.step })
    expect(await claimNextRun(db.database, claimant('test:1'))).toBeNull()

    await db.database.$transaction((tx) => queueAgain(tx, runId))
    await trainNextRun(context())
    expect(await statusOf(runId)).toBe('SUCCEEDED')
    const attempts = await db.database.runAttempt.findMany({ where: { runId }, orderBy: { number: 'asc' } })
    expect(attempts.map(({ outcome, fromStep, toStep }) => [outcome, fromStep, toStep])).toEqual([
      ['PAUSED', 0, paused.step],
      ['SUCCEEDED', paused.step, 400],
    ])
    const kept = await db.database.checkpoint.findMany({ where: { runId }, orderBy: { step: 'asc' } })
    expect(kept.at(-1)).toMatchObject({ step: 400, kind: 'FINAL' })
    expect((await readPoints(db.database, { runId, name: 'loss', student: 0 })).length).toBe(400)
    expect(await logOf(runId)).toEqual(
      expect.arrayContaining([
        ['WORKER', 'INFO', `The training is given the checkpoint of step ${paused.step}.`],
        ['TRAINING', 'INFO', `Goes on after step ${paused.step}, from a checkpoint.`],
      ]),
    )
  }, 120_000)

  it('by a recipe that cannot be trained by fails at once, with words, and is not tried again', async () => {
    const runId = await createRun(db.database, team, versionId)
    const { recipe } = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
    const wrong = { ...(recipe as object), batchSize: 1000 }
    await db.database.run.update({ where: { id: runId }, data: { recipe: wrong } })
    await trainNextRun(context())
    const run = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'BAD_RECIPE', setbacks: 0 })
    expect(run.failureMessage).toMatch(/batch of 1000 is larger than the 64/)
  })

  it('names the student and the step where a loss is no longer finite', async () => {
    const runId = await createRun(db.database, team, versionId, {
      overrides: { epochs: 50, learningRate: 100, evaluateEveryEpochs: 50 },
    })
    await trainNextRun(context())
    const run = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'NOT_FINITE' })
    expect(run.failureMessage).toMatch(/student-\d .* step \d+/)
  }, 90_000)

  it('says so where the dataset’s files are gone', async () => {
    const archive = await writeZip(path.join(folder, 'other.zip'), await twoClasses(4, 9))
    const other = await createReadyVersion(db.database, team, storage, archive)
    const { manifest } = await db.database.datasetVersion.findUniqueOrThrow({ where: { id: other } })
    const { splits } = manifest as unknown as { splits: { train: { shards: { sha256: string }[] } } }
    await rm(await storage.fetchLocal(splits.train.shards[0]!.sha256))
    const runId = await createRun(db.database, team, other)
    await trainNextRun(context())
    const run = await db.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'DATASET_GONE' })
    expect(run.failureMessage).toContain('Import the dataset again')
  })

  it('loses no metric while the database drops every connection', async () => {
    const runId = await createRun(db.database, team, versionId, {
      overrides: { epochs: 20, evaluateEveryEpochs: 20 },
    })
    const trained = trainNextRun(context())
    await waitForSteps(runId)
    for (let i = 0; i < 3; i++) {
      await db.database
        .$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
    }
    await trained
    expect(await statusOf(runId)).toBe('SUCCEEDED')
    expect((await readPoints(db.database, { runId, name: 'loss', student: 0 })).length).toBe(80)
    expect((await readPoints(db.database, { runId, name: 'loss', student: 1 })).length).toBe(80)
  }, 120_000)
})
