import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../../scripts/setup/settings.mjs'
import { programArguments } from '../../scripts/start/program.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { readEngineBuild } from '../../workers/engine-build.mjs'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam } from '../workers/rows.ts'
import { waitUntil } from '../workers/wait-until.ts'

let db: TestDatabase
let folder: string
let command: ChildProcess

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'worker-command-'))
})
afterAll(async () => {
  command?.kill('SIGTERM')
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

it('`npm run worker` needs the addresses of database and storage alone, trains what another process queues, and ends in order', async () => {
  const storage = path.join(folder, 'storage')
  const home = path.join(folder, 'home')
  const { PATH, HOME } = process.env
  command = spawn(process.execPath, programArguments('start-worker'), {
    env: { PATH, HOME, DATABASE_URL: db.url, STUDYHALL_STORAGE: storage, STUDYHALL_HOME: home },
    stdio: 'ignore',
  })
  const team = await createTeam(db.database)
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  const versionId = await createReadyVersion(db.database, team, new DiskStorage(storage), archive)
  const runId = await createRun(db.database, team, versionId, {
    overrides: { epochs: 10_000, evaluateEveryEpochs: 10_000 },
  })
  const runOf = () => db.database.run.findUniqueOrThrow({ where: { id: runId } })
  await waitUntil('the run trains', async () => (await runOf()).step > 0, 120_000)
  const [worker] = await db.database.worker.findMany()
  // It was built from these sources, and is known as if it ran from them.
  const engineBuild = readEngineBuild(root)
  expect(worker).toMatchObject({ name: (await runOf()).workerName, draining: false, engineBuild })

  const endingAt = performance.now()
  command.kill('SIGTERM')
  await once(command, 'exit')
  expect(performance.now() - endingAt).toBeLessThan(30_000)
  const { status, step } = await runOf()
  expect(status).toBe('QUEUED')
  expect(await db.database.checkpoint.findMany({ where: { runId } })).toEqual([
    expect.objectContaining({ step }),
  ])
  expect(await db.database.worker.count()).toBe(0)
  // No port was chosen, and no secret made that others would sign with.
  expect((await readdir(home)).sort()).toEqual(['logs', 'scratch'])
}, 180_000)
