import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openLog } from '../../logging/open-log.ts'
import { readRunEvents } from '../../runs/events.ts'
import type { Claimant } from '../../runs/turns.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { RunControl } from '../../workers/jobs/run-control.ts'
import type { WorkerContext } from '../../workers/jobs/worker-context.ts'
import { createTestDatabase } from '../database.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam, type RunWish } from './rows.ts'
import { waitUntil } from './wait-until.ts'
import { workerConfig } from './worker-config.ts'

/** So many epochs that it ends only when it is made to. */
export const ENDLESS = { overrides: { epochs: 10_000, evaluateEveryEpochs: 10_000 } }

export type TrainingScene = Awaited<ReturnType<typeof openTrainingScene>>

export const claimant = (workerName: string): Claimant => ({
  workerName,
  device: 'CPU',
  labels: [],
  engineBuild: 'test',
})

/** A database with a team and a version of 64 small training images, for workers in the test's own process. */
export async function openTrainingScene() {
  const { database, url, drop } = await createTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'training-'))
  const storage = new DiskStorage(path.join(folder, 'storage'))
  const team = await createTeam(database)
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  const versionId = await createReadyVersion(database, team, storage, archive)
  const control = await RunControl.open(url, openLog('worker', 'silent'))

  const runOf = (id: string) => database.run.findUniqueOrThrow({ where: { id } })
  const eventsOf = (runId: string) => readRunEvents(database, runId, 0, 10_000)
  return {
    database,
    folder,
    storage,
    team,
    versionId,
    context: (more: Partial<WorkerContext> = {}): WorkerContext => ({
      config: workerConfig(url, folder),
      database,
      storage,
      log: openLog('worker', 'silent'),
      control,
      claimant: claimant('test:1'),
      shutdown: new AbortController().signal,
      ...more,
    }),
    createRun: (wish?: RunWish) => createRun(database, team, versionId, wish),
    runOf,
    statusOf: async (runId: string) => (await runOf(runId)).status,
    eventsOf,
    async statusesOf(runId: string): Promise<string[]> {
      const events = await eventsOf(runId)
      return events.flatMap(({ payload }) => (payload.kind === 'STATUS' ? [payload.status] : []))
    },
    waitForSteps: (runId: string) =>
      waitUntil('the run has metrics', () => database.metricChunk.findFirst({ where: { runId } }), 60_000),
    async close() {
      await control.close()
      await drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
