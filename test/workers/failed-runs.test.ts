import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunEventPayload } from '../../contract/runs/run-events.ts'
import { claimNextRun } from '../../runs/transitions/index.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { childrenOf } from './processes.ts'
import { createReadyVersion, createRun } from './rows.ts'
import { claimant, ENDLESS, openTrainingScene, type TrainingScene } from './training-scene.ts'
import { waitUntil } from './wait-until.ts'

let scene: TrainingScene
beforeAll(async () => {
  scene = await openTrainingScene()
})
afterAll(() => scene?.close())

async function waitForAttempt(runId: string, number: number): Promise<void> {
  await waitUntil(
    `attempt ${number} trains`,
    () => scene.database.runAttempt.findFirst({ where: { runId, number, fromStep: { not: null } } }),
    60_000,
  )
}

describe('a run that cannot go on', () => {
  it('is tried three times when its training process is killed, and then fails with words', async () => {
    const runId = await scene.createRun(ENDLESS)
    for (const attempt of [1, 2, 3]) {
      const trained = trainNextRun(scene.context())
      await waitForAttempt(runId, attempt)
      for (const pid of await childrenOf(process.pid, 'training-process.js')) process.kill(pid, 'SIGKILL')
      await trained
      const run = await scene.runOf(runId)
      if (attempt === 3) break
      expect(run).toMatchObject({ status: 'QUEUED', attempt: attempt + 1, attemptsWithoutProgress: attempt })
      expect(run.retryAt!.getTime()).toBeGreaterThan(Date.now())
      // Not before its time.
      expect(await claimNextRun(scene.database, claimant('test:1'))).toBeNull()
      await scene.database.run.update({ where: { id: runId }, data: { retryAt: new Date() } })
    }
    const run = await scene.database.run.findUniqueOrThrow({
      where: { id: runId },
      include: { attempts: { orderBy: { number: 'asc' } } },
    })
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'WORKER_LOST' })
    expect(run.failureMessage).toMatch(/SIGKILL.* 3 attempts in a row made no progress/)
    expect(run.attempts.map(({ outcome, failureCode }) => [outcome, failureCode])).toEqual([
      ['LOST', 'WORKER_LOST'],
      ['LOST', 'WORKER_LOST'],
      ['FAILED', 'WORKER_LOST'],
    ])
    expect((await scene.statusesOf(runId)).at(-1)).toBe('FAILED')
  }, 120_000)

  it('by a recipe that cannot be trained by fails at once, with words, and is not tried again', async () => {
    const runId = await scene.createRun()
    const { recipe } = await scene.runOf(runId)
    const wrong = { ...(recipe as object), batchSize: 1000 }
    await scene.database.run.update({ where: { id: runId }, data: { recipe: wrong } })
    await trainNextRun(scene.context())
    const run = await scene.runOf(runId)
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'BAD_RECIPE', attemptsWithoutProgress: 0 })
    expect(run.failureMessage).toMatch(/batch of 1000 is larger than the 64/)
  })

  it('names the student and the step where a loss is no longer finite', async () => {
    const runId = await scene.createRun({
      overrides: { epochs: 50, learningRate: 100, evaluateEveryEpochs: 50 },
    })
    await trainNextRun(scene.context())
    const run = await scene.runOf(runId)
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'NOT_FINITE' })
    expect(run.failureMessage).toMatch(/student-\d .* step \d+/)
    // It diverged before, and was said to.
    const alarms = (await scene.eventsOf(runId)).flatMap(({ payload }) =>
      payload.kind === 'ALARM' ? [payload] : [],
    )
    expect(alarms).toContainEqual(
      expect.objectContaining({ isOver: false, finding: expect.objectContaining({ code: 'DIVERGED' }) }),
    )
    // Whoever watches is told the same.
    const { payload } = await scene.database.runEvent.findFirstOrThrow({
      where: { runId, payload: { path: ['status'], equals: 'FAILED' } },
    })
    const { failureCode: code, failureMessage: message } = run
    expect(RunEventPayload.parse(payload)).toMatchObject({ failure: { code, message } })
  }, 90_000)

  it('says so where the dataset’s files are gone', async () => {
    const archive = await writeZip(path.join(scene.folder, 'other.zip'), await twoClasses(4, 9))
    const other = await createReadyVersion(scene.database, scene.team, scene.storage, archive)
    const { manifest } = await scene.database.datasetVersion.findUniqueOrThrow({ where: { id: other } })
    const { splits } = manifest as unknown as { splits: { train: { shards: { sha256: string }[] } } }
    await rm(await scene.storage.fetchLocal(splits.train.shards[0]!.sha256))
    const runId = await createRun(scene.database, scene.team, other)
    await trainNextRun(scene.context())
    const run = await scene.runOf(runId)
    expect(run).toMatchObject({ status: 'FAILED', failureCode: 'DATASET_GONE' })
    expect(run.failureMessage).toContain('Import the dataset again')
  })
})
