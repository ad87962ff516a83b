import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import { lockRun } from '../../runs/locked-run.ts'
import { notifyRunControl } from '../../runs/notifications.ts'
import { resume } from '../../runs/transitions/index.ts'
import { readManifest } from '../../scripts/backup/manifest.ts'
import { restoreBackup } from '../../scripts/backup/restore-backup.ts'
import { takeBackup } from '../../scripts/backup/take-backup.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { RunControl } from '../../workers/jobs/run-control.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import type { WorkerContext } from '../../workers/jobs/worker-context.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { ENDLESS, openTrainingScene, type TrainingScene } from '../workers/training-scene.ts'
import { workerConfig } from '../workers/worker-config.ts'

let scene: TrainingScene
let folder: string
let empty: TestDatabase
beforeAll(async () => {
  scene = await openTrainingScene()
  empty = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'backup-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await empty.drop()
  await scene.close()
})

const original = () => ({ databaseUrl: scene.context().config.databaseUrl, storage: scene.storage })

async function ask(runId: string, status: 'PAUSING' | 'CANCELED'): Promise<void> {
  const ended = status === 'CANCELED' ? { finishedAt: new Date(), leaseUntil: null } : {}
  await scene.database.run.update({ where: { id: runId }, data: { status, ...ended } })
  await notifyRunControl(scene.database, runId)
}

async function resumeAndFinish(database: Database, context: WorkerContext, runId: string): Promise<void> {
  await database.$transaction(async (tx) => resume(tx, await lockRun(tx, runId)))
  await trainNextRun(context)
}

/** Every file that the run came to, and every point on the way. */
async function outcomeOf(database: Database, runId: string) {
  const models = await database.model.findMany({ where: { runId }, include: { artifacts: true } })
  const files = models.flatMap(({ artifacts }) => artifacts.filter(({ format }) => format === 'SAFETENSORS'))
  const chunks = await database.metricChunk.findMany({ where: { runId, name: 'loss' } })
  const points = chunks.flatMap(({ student, steps, values }) =>
    steps.map((step, k) => `${student} ${step} ${values[k]}`),
  )
  return { files: files.map(({ sha256 }) => sha256).sort(), points: points.sort() }
}

describe('a backup', () => {
  it('taken while a run trains brings back everything, and a paused run goes on from it to the same bit', async () => {
    const paused = await scene.createRun({ overrides: { epochs: 40, evaluateEveryEpochs: 40 } })
    const training = trainNextRun(scene.context())
    await scene.waitForSteps(paused)
    await ask(paused, 'PAUSING')
    await training
    expect(await scene.statusOf(paused)).toBe('PAUSED')

    const goingOn = await scene.createRun(ENDLESS)
    const going = trainNextRun(scene.context())
    await scene.waitForSteps(goingOn)
    const manifest = await takeBackup(original(), folder)
    expect(manifest.tables).toMatchObject({ Run: 2, Dataset: 1 })
    expect(manifest.missingBlobs).toEqual([])
    await ask(goingOn, 'CANCELED')
    await going
    await resumeAndFinish(scene.database, scene.context(), paused)

    const home = path.join(folder, 'elsewhere')
    const storage = new DiskStorage(path.join(home, 'storage'))
    await restoreBackup({ databaseUrl: empty.url, storage }, folder)
    const states = await empty.database.run.findMany({ orderBy: { number: 'asc' }, select: { status: true } })
    expect(states.map(({ status }) => status)).toEqual(['PAUSED', 'RUNNING'])
    const control = await RunControl.open(empty.url, openLog('worker', 'silent'))
    const config = workerConfig(empty.url, home)
    const context = { ...scene.context(), config, database: empty.database, storage, control }
    await resumeAndFinish(empty.database, context, paused).finally(() => control.close())
    const outcome = await outcomeOf(scene.database, paused)
    expect(outcome.files).toHaveLength(2)
    expect(await outcomeOf(empty.database, paused)).toEqual(outcome)
  }, 240_000)

  it('in a folder that has one becomes the newer one', async () => {
    await takeBackup(original(), folder)
    const { takenAt, tablesFolder } = await readManifest(folder)
    expect(Date.now() - Date.parse(takenAt)).toBeLessThan(60_000)
    const names = await readdir(folder)
    expect(names.filter((name) => name.startsWith('tables-'))).toEqual([tablesFolder])
  })

  it('is restored neither over what is there, nor into another version, nor from a folder without one', async () => {
    const place = { databaseUrl: empty.url, storage: scene.storage }
    await expect(restoreBackup(place, folder)).rejects.toThrow(/The database is not empty: “\w+” has rows/)
    await expect(restoreBackup(place, path.join(folder, 'blobs'))).rejects.toThrow(/holds no whole backup/)
    const other = await createTestDatabase()
    try {
      await other.database
        .$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name LIKE '%text_limits'`
      const restored = restoreBackup({ ...place, databaseUrl: other.url }, folder)
      await expect(restored).rejects.toThrow(/of a newer version, with 2026\d+_text_limits/)
    } finally {
      await other.drop()
    }
  })
})
