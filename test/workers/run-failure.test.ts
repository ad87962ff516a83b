import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAILURE_CODES } from '../../contract/runs/run-events.ts'
import type { HeldStatus } from '../../contract/runs/run-states.ts'
import { Prisma, type Run } from '../../prisma/client.ts'
import { lockRuns } from '../../runs/locked-run.ts'
import { releaseFailed } from '../../runs/transitions/index.ts'
import { explainFailure, RunFailure } from '../../workers/jobs/run-failure.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { insertCohort, insertRun, insertVersion, moveRun, type Owner } from '../server/rows.ts'
import { createTeam } from './rows.ts'

let db: TestDatabase
let owner: Owner
let parts: { cohortId: string; versionId: string }

beforeAll(async () => {
  db = await createTestDatabase()
  owner = await createTeam(db.database)
  parts = { ...(await insertVersion(db.database, owner)), ...(await insertCohort(db.database, owner)) }
})
afterAll(() => db?.drop())

/** A run in its first attempt, which then fails. */
async function failWith(failure: RunFailure, status: 'RUNNING' | 'PAUSING' = 'RUNNING'): Promise<Run> {
  const id = await insertRun(db.database, owner, parts)
  await moveRun(db.database, id, status === 'PAUSING' ? ['STARTING', 'PAUSING'] : ['STARTING', 'RUNNING'])
  await db.database.runAttempt.create({
    data: { teamId: owner.teamId, runId: id, number: 1, workerName: 'a:1' },
  })
  await db.database.$transaction(async (tx) => {
    const [run] = await lockRuns<HeldStatus>(tx, Prisma.sql`id = ${id}`)
    await releaseFailed(tx, run!, failure)
  })
  return db.database.run.findUniqueOrThrow({ where: { id } })
}

describe('a failure', () => {
  it.each(FAILURE_CODES)('%s decides whether the run is tried again', async (code) => {
    const after = { WORKER_LOST: 'QUEUED', INTERNAL: 'QUEUED', DISK_FULL: 'PAUSED' } as Record<string, string>
    const run = await failWith(new RunFailure(code, 'It broke.'))
    expect(run.status).toBe(after[code] ?? 'FAILED')
    const [attempt] = await db.database.runAttempt.findMany({ where: { runId: run.id } })
    expect(attempt).toMatchObject({
      failureCode: code,
      failureMessage: 'It broke.',
      endedAt: expect.any(Date),
    })
  })

  it('of a worker that was to pause the run leaves it paused', async () => {
    const run = await failWith(new RunFailure('WORKER_LOST', 'It is gone.'), 'PAUSING')
    expect(run).toMatchObject({ status: 'PAUSED', pauseReason: 'ASKED' })
  })

  it.each([
    ['ENOSPC', Object.assign(new Error('write failed'), { code: 'ENOSPC' })],
    ['EDQUOT', new Error('EDQUOT: disk quota exceeded, write')],
    ['ENOSPC below', new Error('upload', { cause: new Error('ENOSPC: no space left on device') })],
  ])('that says %s is a full disk', (_, error) => {
    expect(explainFailure(error)).toMatchObject({ code: 'DISK_FULL' })
  })

  it('that is unknown is ours', () => {
    expect(explainFailure(new TypeError('x is not a function'))).toMatchObject({ code: 'INTERNAL' })
  })
})
