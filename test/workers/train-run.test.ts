import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LabelSuspects } from '../../contract/label-suspects.ts'
import { decodeTestAnswers } from '../../contract/runs/test-answers.ts'
import { LeaseLostError, renewLease } from '../../runs/lease.ts'
import { lockRun } from '../../runs/locked-run.ts'
import { notifyRunControl } from '../../runs/notifications.ts'
import { cancel, claimNextRun, enterPhase, resume } from '../../runs/transitions/index.ts'
import { readZipEntry } from '../../storage/read-zip-entry.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import { readPoints } from '../points.ts'
import { childrenOf } from './processes.ts'
import { claimant, ENDLESS, openTrainingScene, type TrainingScene } from './training-scene.ts'
import { waitUntil } from './wait-until.ts'

let scene: TrainingScene
beforeAll(async () => {
  scene = await openTrainingScene()
})
afterAll(() => scene?.close())

async function logOf(runId: string): Promise<unknown[][]> {
  const events = await scene.eventsOf(runId)
  return events.flatMap(({ payload }) =>
    payload.kind === 'LOG' ? [[payload.source, payload.level, payload.message]] : [],
  )
}

describe('a run', () => {
  it('trains to SUCCEEDED, with its metrics, evaluation, models, ensemble and files', async () => {
    const runId = await scene.createRun()
    await trainNextRun(scene.context())

    const run = await scene.database.run.findUniqueOrThrow({
      where: { id: runId },
      include: { models: { include: { artifacts: true } }, ensemble: { include: { artifacts: true } } },
    })
    expect(run).toMatchObject({ status: 'SUCCEEDED', step: 4, steps: 4, epoch: 1, leaseUntil: null })
    expect(run.models).toHaveLength(2)
    expect(run.ensemble).not.toBeNull()
    // Two students of one architecture: half of the cores each.
    expect(run.threadsPerOperation).toBe(Math.max(1, Math.floor(availableParallelism() / 2)))
    expect(run).toMatchObject({ executionMode: 'PLAIN', executionDevice: cpus()[0]!.model.trim() })
    const artifacts = [...run.models.flatMap((model) => model.artifacts), ...run.ensemble!.artifacts]
    expect(artifacts.map(({ format }) => format).sort()).toEqual([
      ...Array(3).fill('SAFETENSORS'),
      ...Array(3).fill('TFJS'),
    ])
    for (const { sha256, byteLength } of artifacts)
      expect(await scene.storage.byteLength(sha256)).toBe(Number(byteLength))
    const suspects = JSON.parse((await buffer(scene.storage.read(run.labelSuspectsSha256!))).toString())
    expect(LabelSuspects.parse(suspects).examined).toBe(64)
    const answers = decodeTestAnswers(await buffer(scene.storage.read(run.testAnswersSha256!)))
    expect(answers.students).toHaveLength(2)

    const events = await scene.eventsOf(runId)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.at(-1)?.payload).toMatchObject({ kind: 'STATUS', status: 'SUCCEEDED' })
    expect(events.at(-2)?.payload).toMatchObject({ kind: 'EVALUATION' })
    const losses = events.flatMap(({ series }) => series.filter((one) => one.name === 'loss'))
    expect(losses.flatMap(({ steps, student }) => steps.map((step) => `${step}/${student}`)).sort()).toEqual(
      [1, 2, 3, 4].flatMap((step) => [`${step}/0`, `${step}/1`]),
    )
    expect(await readdir(path.join(scene.folder, 'scratch'))).toEqual([])
  }, 90_000)

  it('keeps the threads that it was given, whatever the worker would choose, and its model cards say so', async () => {
    const runId = await scene.createRun({ architectures: ['convnet-0.25', 'convnet-0.25'] })
    await scene.database.run.update({ where: { id: runId }, data: { threadsPerOperation: 3 } })
    const trained = trainNextRun(scene.context())
    const [pid] = await waitUntil('the training process runs', async () => {
      const pids = await childrenOf(process.pid, 'training-process.js')
      return pids.length > 0 && pids
    })
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('TF_NUM_INTRAOP_THREADS=3')
    await trained
    expect(await scene.runOf(runId)).toMatchObject({ status: 'SUCCEEDED', threadsPerOperation: 3 })
    const file = await scene.database.artifact.findFirstOrThrow({
      where: { format: 'SAFETENSORS', model: { runId } },
    })
    const zip = await scene.storage.fetchLocal(file.sha256)
    const card = (await readZipEntry(zip, 'README.md', 2 ** 20))?.toString()
    expect(card).toContain('| threads per operation | 3 |')
  }, 90_000)

  it('is trained once where two workers take it at the same time', async () => {
    const runId = await scene.createRun()
    const claims = await Promise.all(
      ['a:1', 'b:2', 'c:3'].map((name) => claimNextRun(scene.database, claimant(name))),
    )
    expect(claims.filter((claim) => claim !== null)).toEqual([
      { runId, fence: 1, requestId: null, traceparent: null },
    ])
  })

  it('refuses every write of a worker whose fence is old', async () => {
    const runId = await scene.createRun()
    const old = (await claimNextRun(scene.database, claimant('a:1')))!
    const given = { status: 'QUEUED', leaseUntil: null, attempt: 2 } as const
    await scene.database.run.update({ where: { id: runId }, data: given })
    const current = (await claimNextRun(scene.database, claimant('b:2')))!

    await expect(enterPhase(scene.database, old, 'TRAINING')).rejects.toBeInstanceOf(LeaseLostError)
    expect(await renewLease(scene.database, old)).toBeNull()
    expect(await renewLease(scene.database, current)).toEqual({ status: 'STARTING', isHandedBack: false })
    expect(await scene.statusOf(runId)).toBe('STARTING')
  })

  it('stops its process within seconds of being canceled, and writes nothing after that', async () => {
    const runId = await scene.createRun(ENDLESS)
    const trained = trainNextRun(scene.context())
    await scene.waitForSteps(runId)
    const canceledAt = performance.now()
    await scene.database.$transaction(async (tx) => cancel(tx, await lockRun(tx, runId)))
    await trained
    expect(performance.now() - canceledAt).toBeLessThan(10_000)
    expect(await childrenOf(process.pid, 'training-process.js')).toEqual([])
    const events = await scene.eventsOf(runId)
    expect(events.at(-1)?.payload).toMatchObject({ kind: 'STATUS', status: 'CANCELED' })
  }, 90_000)

  it('is saved and given back when its worker is shut down; by another recipe it begins anew', async () => {
    const runId = await scene.createRun(ENDLESS)
    const shutdown = new AbortController()
    const trained = trainNextRun(scene.context({ shutdown: shutdown.signal }))
    await scene.waitForSteps(runId)
    shutdown.abort()
    await trained
    const run = await scene.runOf(runId)
    expect(run).toMatchObject({
      status: 'QUEUED',
      attempt: 2,
      attemptsWithoutProgress: 0,
      retryAt: null,
      workerName: null,
    })
    const [saved] = await scene.database.checkpoint.findMany({ where: { runId } })
    expect(saved).toMatchObject({ step: run.step })
    expect(await scene.storage.byteLength(saved!.sha256)).toBe(Number(saved!.byteLength))
    const stepsDone = (await readPoints(scene.database, { runId, name: 'loss', student: 0 })).length
    expect(stepsDone).toBe(run.step)

    await scene.database.run.update({
      where: { id: runId },
      data: { recipe: { ...(run.recipe as object), epochs: 1, evaluateEveryEpochs: 1 } },
    })
    await trainNextRun(scene.context())
    expect(await scene.statusOf(runId)).toBe('SUCCEEDED')
    expect((await readPoints(scene.database, { runId, name: 'loss' })).length).toBe(8)
  }, 120_000)

  it('pauses within 10 s with a checkpoint, and goes on from there when it is resumed', async () => {
    const runId = await scene.createRun({
      overrides: { epochs: 100, evaluateEveryEpochs: 50 },
    })
    const trained = trainNextRun(scene.context())
    await scene.waitForSteps(runId)
    const askedAt = performance.now()
    await scene.database.run.update({ where: { id: runId }, data: { status: 'PAUSING' } })
    await notifyRunControl(scene.database, runId)
    await trained
    expect(performance.now() - askedAt).toBeLessThan(10_000)
    const paused = await scene.runOf(runId)
    expect(paused).toMatchObject({ status: 'PAUSED', pauseReason: 'ASKED', retryAt: null, leaseUntil: null })
    const newestFirst = { where: { runId }, orderBy: { step: 'desc' } } as const
    expect(await scene.database.checkpoint.findFirst(newestFirst)).toMatchObject({ step: paused.step })
    expect(await claimNextRun(scene.database, claimant('test:1'))).toBeNull()

    await scene.database.$transaction(async (tx) => resume(tx, await lockRun(tx, runId)))
    await trainNextRun(scene.context())
    expect(await scene.statusOf(runId)).toBe('SUCCEEDED')
    const attempts = await scene.database.runAttempt.findMany({
      where: { runId },
      orderBy: { number: 'asc' },
    })
    expect(attempts.map(({ outcome, fromStep, toStep }) => [outcome, fromStep, toStep])).toEqual([
      ['PAUSED', 0, paused.step],
      ['SUCCEEDED', paused.step, 400],
    ])
    const kept = await scene.database.checkpoint.findMany({ where: { runId }, orderBy: { step: 'asc' } })
    expect(kept.at(-1)).toMatchObject({ step: 400, kind: 'FINAL' })
    expect((await readPoints(scene.database, { runId, name: 'loss', student: 0 })).length).toBe(400)
    expect(await logOf(runId)).toEqual(
      expect.arrayContaining([
        ['WORKER', 'INFO', `The training resumes from the checkpoint of step ${paused.step}.`],
        ['TRAINING', 'INFO', `Resuming after step ${paused.step} from a checkpoint.`],
      ]),
    )
  }, 120_000)

  it('loses no metric while the database drops every connection', async () => {
    const runId = await scene.createRun({
      overrides: { epochs: 20, evaluateEveryEpochs: 20 },
    })
    const trained = trainNextRun(scene.context())
    await scene.waitForSteps(runId)
    for (let i = 0; i < 3; i++) {
      await scene.database
        .$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
    }
    await trained
    expect(await scene.statusOf(runId)).toBe('SUCCEEDED')
    expect((await readPoints(scene.database, { runId, name: 'loss', student: 0 })).length).toBe(80)
    expect((await readPoints(scene.database, { runId, name: 'loss', student: 1 })).length).toBe(80)
  }, 120_000)
})
