import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { RUN_STATUSES, RUN_TRANSITIONS, type RunStatus } from '../../contract/runs/run-states.ts'
import type { MetricPoint, TrainingOrder } from '../../contract/training.ts'
import { forRequest } from '../../logging/request-context.ts'
import { alarmsOf } from '../../runs/alarms.ts'
import { readRunEvents } from '../../runs/events.ts'
import { writeUnderLease } from '../../runs/lease.ts'
import { claimNextRun, recordExecution, releaseStopped } from '../../runs/transitions/index.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { RunAlarms } from '../../workers/alarms/run-alarms.ts'
import { RunRecorder } from '../../workers/jobs/run-recorder.ts'
import { TrainingRecord } from '../../workers/jobs/training-record.ts'
import { countWaiting, createTestDatabase, type TestDatabase } from '../database.ts'
import { columnsOf, insertCohort, insertRun, insertVersion, moveRun, type Owner } from '../server/rows.ts'

/** How a run gets into each state. */
const WAYS: Record<RunStatus, RunStatus[]> = {
  QUEUED: [],
  STARTING: ['STARTING'],
  RUNNING: ['STARTING', 'RUNNING'],
  PAUSING: ['STARTING', 'RUNNING', 'PAUSING'],
  PAUSED: ['STARTING', 'RUNNING', 'PAUSING', 'PAUSED'],
  SUCCEEDED: ['STARTING', 'RUNNING', 'SUCCEEDED'],
  FAILED: ['FAILED'],
  CANCELED: ['CANCELED'],
}

let test: TestDatabase
let owner: Owner
let parts: { cohortId: string; versionId: string }

beforeAll(async () => {
  test = await createTestDatabase()
  owner = { teamId: newId('Team'), userId: 'somebody' }
  const { database } = test
  await database.user.create({ data: { id: owner.userId, name: 'Ada', email: 'ada@example.org' } })
  await database.team.create({ data: { id: owner.teamId, slug: 'team', name: 'Team' } })
  parts = { ...(await insertVersion(database, owner)), ...(await insertCohort(database, owner)) }
})
afterAll(() => test.drop())

describe.each(RUN_STATUSES)('a run that is %s', (from) => {
  it.each(RUN_STATUSES)('may become %s in the database exactly where the contract says so', async (to) => {
    const id = await insertRun(test.database, owner, parts)
    await moveRun(test.database, id, WAYS[from])
    const attempt = test.database.run.update({ where: { id }, data: { status: to, ...columnsOf(to) } })
    if (from === to || RUN_TRANSITIONS[from].includes(to)) expect((await attempt).status).toBe(to)
    else await expect(attempt).rejects.toThrow(`cannot go from ${from} to ${to}`)
  })
})

describe('a run', () => {
  it.each(RUN_STATUSES)(
    'that is new is refused by the database as %s, unless it is QUEUED',
    async (status) => {
      const id = await insertRun(test.database, owner, parts)
      const { number, ...row } = await test.database.run.findUniqueOrThrow({ where: { id } })
      const { recipe, evaluation, alarms, fork, ...columns } = row
      const attempt = test.database.run.create({
        data: {
          ...columns,
          ...{ id: newId('Run'), number: number + 1000, recipe: recipe!, status },
          ...columnsOf(status),
        },
      })
      if (status === 'QUEUED') expect((await attempt).status).toBe('QUEUED')
      else await expect(attempt).rejects.toThrow(`a run begins QUEUED, not ${status}`)
    },
  )
})

/** A run of a new team, whose turn it is; other teams' runs are all under way already. */
async function queueNewRun(slug: string) {
  const team = { teamId: newId('Team'), userId: owner.userId }
  await test.database.team.create({ data: { id: team.teamId, slug, name: slug } })
  const { versionId } = await insertVersion(test.database, team)
  return insertRun(test.database, team, { versionId, ...(await insertCohort(test.database, team)) })
}

async function claimNewRun(slug: string) {
  await queueNewRun(slug)
  await test.database.run.updateMany({ where: { status: 'QUEUED' }, data: { requestId: 'req_asked' } })
  return (await claim())!
}

function claim() {
  const claimant = { workerName: 'test:1', device: 'GPU', labels: [], engineBuild: 'test' } as const
  return claimNextRun(test.database, claimant)
}

describe('claiming a run', () => {
  it('waits for whoever clones it under the team’s lock, and does not keep them waiting', async () => {
    const runId = await queueNewRun('cloned')
    let claimed: ReturnType<typeof claim> | undefined
    await test.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Team" WHERE slug = 'cloned' FOR NO KEY UPDATE`
      claimed = claim()
      await expect.poll(() => countWaiting(test.database)).toBe(1)
      // As the reference of a clone to its origin does.
      await tx.$queryRaw`SELECT id FROM "Run" WHERE id = ${runId} FOR KEY SHARE`
    })
    expect((await claimed)?.runId).toBe(runId)
  })
})

describe('an alarm', () => {
  it('is told, kept while a later attempt goes on from after it, and withdrawn where one begins before it', async () => {
    const lease = await claimNewRun('alarmed')
    const order = {
      cohort: { students: [{ name: 'ada' }, { name: 'ben' }], teaching: { method: 'MUTUAL' } },
      dataset: { kind: 'CLASSIFICATION', classes: ['a', 'b'], splits: { test: { classCounts: [5, 5] } } },
    } as unknown as TrainingOrder
    const fail = (error: unknown) => expect.fail(String(error))
    const attempt = async (step: number, points: MetricPoint[]) => {
      const alarms = new RunAlarms(test.database, lease, order)
      const recorder = new RunRecorder(test.database, lease, fail, { alarms })
      recorder.begin({ step, epoch: 0, isTested: false })
      const progress = { steps: 100, epoch: 1, epochs: 1, imagesPerSecond: 1, points }
      if (points.length > 0) recorder.addMetrics({ type: 'metrics', step: step + points.length, ...progress })
      await recorder.flush()
      return alarmsOf(await test.database.run.findUniqueOrThrow({ where: { id: lease.runId } }))
    }
    const losses = Array.from({ length: 30 }, (_, i) => {
      return { student: 1, name: 'labelLoss' as const, step: i + 1, value: i < 15 ? 0.5 : 50 }
    })
    const [alarm, ...others] = await attempt(0, losses)
    expect(alarm).toMatchObject({ code: 'DIVERGED', student: 'ben' })
    expect(others).toEqual([])
    expect(await attempt(28, [])).toEqual([alarm])
    expect(await attempt(20, [])).toEqual([])
    const events = await readRunEvents(test.database, lease.runId, 0)
    const told = events.flatMap(({ payload }) => (payload.kind === 'ALARM' ? [payload] : []))
    expect(told).toEqual([
      { kind: 'ALARM', isOver: false, step: 25, finding: alarm },
      { kind: 'ALARM', isOver: true, step: 20, finding: alarm },
    ])
    const log = events.flatMap(({ payload }) => (payload.kind === 'LOG' ? [payload.message] : []))
    expect(log[0]).toBe(`${alarm!.message} ${alarm!.cause} ${alarm!.suggestion}`)
  })
})

describe('a run that was begun COMPILED', () => {
  it('is PLAIN in its row once XLA has refused its step', async () => {
    const lease = await claimNewRun('other')
    const begun = { threadsPerOperation: 2, executionMode: 'COMPILED', executionDevice: 'NVIDIA H100' }
    await recordExecution(test.database, lease, begun)
    const recorder = new RunRecorder(test.database, lease, (error) => expect.fail(String(error)))
    const storage = new DiskStorage(tmpdir())
    const record = new TrainingRecord(recorder, storage, (error) => expect.fail(String(error)))
    record.take({ type: 'execution', mode: 'PLAIN' })
    await record.settle()
    const run = await test.database.run.findUniqueOrThrow({ where: { id: lease.runId } })
    expect(run).toMatchObject({ ...begun, executionMode: 'PLAIN' })
  })
})

describe('points that come while the database is slow', () => {
  it('are written together once it is their turn, and not before a phase that was entered ahead of them', async () => {
    const lease = await claimNewRun('slow')
    const recorder = new RunRecorder(test.database, lease, (error) => expect.fail(String(error)))
    const add = (step: number) =>
      recorder.addMetrics({
        ...{ type: 'metrics', step, steps: 100, epoch: 1, epochs: 1, imagesPerSecond: 1 },
        points: [{ student: 0, name: 'loss', step, value: step }],
      })
    const aBatch = () => new Promise((resolve) => setTimeout(resolve, 120))
    await test.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Run" WHERE id = ${lease.runId} FOR UPDATE`
      recorder.enterPhase('TRAINING')
      for (const step of [1, 2, 3]) {
        add(step)
        await aBatch()
      }
      recorder.enterPhase('EVALUATING')
      add(4)
    })
    await recorder.flush()
    const told = (await readRunEvents(test.database, lease.runId, 0))
      .slice(-4)
      .map(({ payload, series }) => (payload.kind === 'STATUS' ? payload.phase : series[0]?.steps))
    expect(told).toEqual(['TRAINING', [1, 2, 3], 'EVALUATING', [4]])
  })
})

describe('what was recognized of each class', () => {
  it('is kept once for each evaluation, and measured again by an attempt that begins before it', async () => {
    const lease = await claimNewRun('classes')
    const recorder = new RunRecorder(test.database, lease, (error) => expect.fail(String(error)))
    const record = new TrainingRecord(recorder, new DiskStorage(tmpdir()), (error) =>
      expect.fail(String(error)),
    )
    const kept = async () => {
      await record.settle()
      const rows = await test.database.classHits.findMany({ orderBy: [{ step: 'asc' }, { student: 'asc' }] })
      return rows.map(({ step, student, hits }) => [step, student, ...hits])
    }
    const evaluate = (step: number, hits: number[]) =>
      record.take({ type: 'classHits', step, students: [hits, [1, 1]], ensemble: [2, 2] })
    const begin = (step: number, isTested: boolean) =>
      record.take({ type: 'begin', step, epoch: 0, isTested })
    evaluate(5, [3, 0])
    evaluate(10, [3, 2])
    evaluate(10, [3, 4])
    const first = [
      [5, -1, 2, 2],
      [5, 0, 3, 0],
      [5, 1, 1, 1],
    ]
    expect(await kept()).toEqual([...first, [10, -1, 2, 2], [10, 0, 3, 4], [10, 1, 1, 1]])
    begin(10, true)
    expect(await kept()).toHaveLength(6)
    begin(10, false)
    expect(await kept()).toEqual(first)
    await test.database.run.delete({ where: { id: lease.runId } })
    expect(await kept()).toEqual([])
  })
})

describe('the request of a run', () => {
  it('is who asked last, whichever had a worker look, and whichever it was trained for', async () => {
    const requestOf = async (id: string) =>
      (await test.database.run.findUniqueOrThrow({ where: { id } })).requestId
    const lease = await forRequest('req_other', () => claimNewRun('asked'))
    expect([lease.requestId, await requestOf(lease.runId)]).toEqual(['req_asked', 'req_asked'])
    await test.database.run.update({ where: { id: lease.runId }, data: { requestId: 'req_paused' } })
    await forRequest('req_asked', () => writeUnderLease(test.database, lease, releaseStopped))
    expect(await requestOf(lease.runId)).toBe('req_paused')
  })
})
