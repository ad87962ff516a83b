import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../logging/open-log.ts'
import { drain, resumeWorker, takeOverDrain } from '../../runs/drains.ts'
import { claimNextRun } from '../../runs/transitions/index.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { explainRunJob } from '../../storage/jobs/explain-run.ts'
import { exportModelJob } from '../../storage/jobs/export-model.ts'
import { openJobQueues, openJobWorker } from '../../storage/queue.ts'
import { HeldLease } from '../../workers/jobs/held-lease.ts'
import { RunControl } from '../../workers/jobs/run-control.ts'
import type { WorkerContext } from '../../workers/jobs/worker-context.ts'
import { DrainWatch } from '../../workers/watch-drain.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam } from '../workers/rows.ts'

let db: TestDatabase
let folder: string
let newRun: () => Promise<string>
beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'drains-'))
  const storage = new DiskStorage(path.join(folder, 'storage'))
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(8))
  const team = await createTeam(db.database)
  const versionId = await createReadyVersion(db.database, team, storage, archive)
  newRun = () => createRun(db.database, team, versionId)
})
afterEach(async () => {
  await db.database.run.deleteMany()
  await db.database.workerDrain.deleteMany()
  await db.database.worker.deleteMany()
})
afterAll(async () => {
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

const log = openLog('worker', 'silent')
const one = { name: 'host:11', host: 'host', device: 'CPU' as const }
const claimant = (workerName = one.name) =>
  ({ workerName, device: 'CPU', labels: [], engineBuild: 'b' }) as const
const drainIt = (handsBack: boolean, worker = one) =>
  db.database.$transaction((tx) => drain(tx, worker, handsBack))

describe('a drained worker', () => {
  it('takes no run until it is resumed, and others do', async () => {
    await newRun()
    await newRun()
    await drainIt(false)
    expect(await claimNextRun(db.database, claimant())).toBeNull()
    expect(await claimNextRun(db.database, claimant('host:12'))).not.toBeNull()
    await db.database.$transaction((tx) => resumeWorker(tx, one.name))
    expect(await claimNextRun(db.database, claimant())).not.toBeNull()
  })

  it('finishes what it trains, or saves and stops at once where it is to hand that back', async () => {
    await newRun()
    const lease = (await claimNextRun(db.database, claimant()))!
    const control = await RunControl.open(db.url, log)
    const context = { database: db.database, control, shutdown: new AbortController().signal }
    const held = new HeldLease(context as WorkerContext, lease)
    const stopped = new Promise((resolve) => {
      held.stop.addEventListener('abort', () => resolve(held.stop.reason.message))
    })
    await drainIt(false)
    expect(held.stop.aborted).toBe(false)
    await drainIt(true)
    expect(await stopped).toBe('the worker is drained')
    held.release()
    await control.close()
  })

  it('takes no import, export and explanation either', async () => {
    const queues = await openJobQueues({ databaseUrl: db.url }, () => {})
    const taken: string[] = []
    const options = { concurrency: 1, onError: () => {} }
    const handle = async ({ exportId }: { exportId: string }) => void taken.push(exportId)
    const jobs = openJobWorker(exportModelJob, { databaseUrl: db.url }, handle, options)
    const handleRun = async ({ runId }: { runId: string }) => void taken.push(runId)
    const explanations = openJobWorker(explainRunJob, { databaseUrl: db.url }, handleRun, options)
    const watch = new DrainWatch(db.database, log, one.name, [jobs, explanations])
    await Promise.all([jobs.waitUntilReady(), explanations.waitUntilReady()])
    // They wait for a job already, and have to give back the one that they are given.
    await sleep(1_500)
    await drainIt(false)
    await watch.look()
    await queues.enqueue(exportModelJob, { exportId: 'exp_1' })
    await queues.enqueue(exportModelJob, { exportId: 'exp_2' })
    await queues.enqueue(explainRunJob, { runId: 'run_1' })
    await expect.poll(() => queues.countWaiting(exportModelJob)).toBe(2)
    await expect.poll(() => queues.countWaiting(explainRunJob)).toBe(1)
    expect(taken).toEqual([])
    await db.database.$transaction((tx) => resumeWorker(tx, one.name))
    await watch.look()
    await expect.poll(() => taken).toHaveLength(3)
    await Promise.all([jobs.close(), explanations.close()])
    await queues.close()
  })

  it('is drained still when it is started again, and another one beside it is not', async () => {
    const start = (name: string, device: 'CPU' | 'GPU' = 'CPU') =>
      db.database.$transaction((tx) =>
        takeOverDrain(tx, { name, host: 'host', device }, (pid) => pid === 11 || pid === 14),
      )
    const row = { ...one, deviceName: 'A processor', capacity: 1, engineVersion: '2', engineBuild: 'b' }
    await db.database.worker.create({ data: { ...row, id: 'w', pid: 11 } })
    await drainIt(true)
    expect(await start('host:12')).toBeNull()
    // It was killed, and its row tells of it still.
    await db.database.worker.update({ where: { id: 'w' }, data: { pid: 13 } })
    expect(await start('host:14', 'GPU')).toBeNull()
    expect(await start('host:14')).toBe('host:11')
    await newRun()
    expect(await claimNextRun(db.database, claimant('host:14'))).toBeNull()
    // Of several that are started at once one is drained, and all of them start.
    const names = ['host:15', 'host:16', 'host:17', 'host:18']
    await Promise.all(names.map((name) => start(name)))
    const drains = await db.database.workerDrain.findMany()
    expect(drains).toEqual([expect.objectContaining({ workerName: expect.stringMatching(/^host:1[5-8]$/) })])
  })
})
