import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PackedDataset, shardsOf } from '../../contract/packed-dataset.ts'
import { BlobMissing, type ByteRange } from '../../storage/blob-storage.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { RunControl } from '../../workers/jobs/run-control.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import { openLog } from '../../workers/log.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from '../datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam, type TestTeam } from './rows.ts'
import { waitUntil } from './wait-until.ts'
import { workerConfig } from './worker-config.ts'

const WISH = { architectures: ['convnet-0.25', 'convnet-0.25'], overrides: { epochs: 3 } }
let db: TestDatabase
let folder: string
let near: DiskStorage
let team: TestTeam
let versionId: string
let control: RunControl
let shards: string[]

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'arriving-'))
  near = new DiskStorage(path.join(folder, 'storage'))
  team = await createTeam(db.database)
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  versionId = await createReadyVersion(db.database, team, near, archive)
  const { manifest } = await db.database.datasetVersion.findUniqueOrThrow({ where: { id: versionId } })
  shards = shardsOf(PackedDataset.parse(manifest))
  control = new RunControl(db.url, openLog('silent'))
  await control.open()
})
afterAll(async () => {
  await control?.close()
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** The same blobs, but shards must be fetched, and that takes until `fetch` resolves. */
class FarStorage extends DiskStorage {
  reads = 0
  failures = 0
  readonly #fetch: () => Promise<void>

  constructor(fetch: () => Promise<void>) {
    super(path.join(folder, 'storage'))
    this.#fetch = fetch
  }

  override async findLocal(sha256: string): Promise<string | null> {
    return shards.includes(sha256) ? null : super.findLocal(sha256)
  }

  override async fetchLocal(sha256: string): Promise<string> {
    if (shards.includes(sha256)) await this.#fetch()
    return super.fetchLocal(sha256)
  }

  override read(sha256: string, range?: ByteRange): Readable {
    if (!shards.includes(sha256)) return super.read(sha256, range)
    if (this.reads++ >= this.failures) return super.read(sha256, range)
    return Readable.from(
      (async function* () {
        yield* []
        throw new Error('the storage is away')
      })(),
    )
  }
}

async function train(storage: DiskStorage) {
  const runId = await createRun(db.database, team, versionId, WISH)
  const claimant = { workerName: 'test', device: 'CPU', labels: [], engineBuild: 'test' } as const
  const config = workerConfig(db.url, folder)
  const parts = { config, database: db.database, storage, control, claimant, log: openLog('silent') }
  const trained = trainNextRun({ ...parts, shutdown: new AbortController().signal } as never)
  return { runId, trained }
}

const runOf = (id: string) => db.database.run.findUniqueOrThrow({ where: { id } })

async function weightsOf(runId: string): Promise<string[]> {
  const where = { format: 'SAFETENSORS' as const, OR: [{ model: { runId } }, { ensemble: { runId } }] }
  const found = await db.database.artifact.findMany({ where, select: { sha256: true } })
  expect(found).toHaveLength(3)
  return found.map(({ sha256 }) => sha256).sort()
}

const isAtStep = (runId: string, step: number) =>
  waitUntil(`step ${step}`, async () => (await runOf(runId)).step >= step, 60_000)

it('a run begins before its pictures are on the machine, and comes to the same weights', async () => {
  const reference = await train(near)
  await reference.trained
  let arrive = () => {}
  const far = new FarStorage(() => new Promise((resolve) => (arrive = resolve)))
  // The storage is away, too, when the first pictures are wanted.
  far.failures = 2
  const { runId, trained } = await train(far)
  await isAtStep(runId, 2)
  expect(far.reads).toBeGreaterThan(far.failures)
  const comeIn = setInterval(() => arrive(), 20)
  await trained
  clearInterval(comeIn)
  expect((await runOf(runId)).status).toBe('SUCCEEDED')
  expect(await weightsOf(runId)).toEqual(await weightsOf(reference.runId))
}, 120_000)

it('a run whose pictures are lost on the way fails with words', async () => {
  let lose = () => {}
  const far = new FarStorage(
    () => new Promise((_, reject) => (lose = () => reject(new BlobMissing(shards[0]!)))),
  )
  const { runId, trained } = await train(far)
  await isAtStep(runId, 1)
  lose()
  await trained
  expect(await runOf(runId)).toMatchObject({ status: 'FAILED', failureCode: 'DATASET_GONE' })
}, 120_000)
