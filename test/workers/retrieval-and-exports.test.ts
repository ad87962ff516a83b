import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXPORT_STEPS } from '../../contract/exports.ts'
import { newId } from '../../contract/ids.ts'
import { RetrievalQueries } from '../../contract/retrieval-queries.ts'
import { openLog } from '../../logging/open-log.ts'
import type { ArtifactFormat } from '../../prisma/client.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { exportModelJob } from '../../storage/jobs/export-model.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import { openJobQueues } from '../../storage/queue.ts'
import { readZipEntry } from '../../storage/read-zip-entry.ts'
import { type RunningWorker, startWorker } from '../../workers/worker.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { png, writeZip } from './datasets/pictures.ts'
import { createRun, createTeam, createVersion, type TestTeam } from './rows.ts'
import { waitUntil } from './wait-until.ts'
import { workerConfig } from './worker-config.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const execute = promisify(execFile)

let db: TestDatabase
let folder: string
let storage: DiskStorage
let team: TestTeam
let worker: RunningWorker
let runId: string
let queues: Awaited<ReturnType<typeof openJobQueues>>
const pictures: Record<string, Buffer> = {}

/** Four identities to learn; two others, each seen by two cameras, to find; a distractor and a piece of junk. */
const NAMES = [
  ...[1, 2, 3, 4].flatMap((who) =>
    Array.from({ length: 8 }, (_, i) => `bounding_box_train/000${who}_c${1 + (i % 2)}s1_00000${i}_00.png`),
  ),
  'query/0011_c1s1_000000_00.png',
  'query/0012_c2s1_000000_00.png',
  ...['0011_c1', '0011_c2', '0011_c3', '0012_c1', '0012_c2', '0000_c1', '-1_c1'].map(
    (who, i) => `bounding_box_test/${who}s1_00001${i}_00.png`,
  ),
]

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'retrieval-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
  team = await createTeam(db.database)
  for (const [i, name] of NAMES.entries()) pictures[name] = await png(i, 12, 12)
  const archive = await writeZip(path.join(folder, 'market.zip'), pictures)
  const config = workerConfig(db.url, folder)
  const log = openLog('worker', 'silent')
  queues = await openJobQueues({ databaseUrl: db.url }, () => {})
  worker = await startWorker(config, log)
  const versionId = await createVersion(db.database, team, storage, archive)
  await queues.enqueue(importDatasetJob, { datasetVersionId: versionId })
  const version = await waitUntil('the images are imported', () =>
    db.database.datasetVersion.findFirst({ where: { id: versionId, status: { in: ['READY', 'FAILED'] } } }),
  )
  expect(version.failure).toBeNull()
  runId = await createRun(db.database, team, versionId, {
    architectures: ['convnet-0.25', 'convnet-0.25'],
    overrides: { epochs: 1, batchSize: 8 },
  })
  await queues.enqueue(trainRunOn(null), {})
  await waitUntil('the run has ended', endedRun, 90_000)
}, 120_000)

afterAll(async () => {
  await worker?.close()
  await queues?.close()
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const endedRun = () =>
  db.database.run.findFirst({
    where: { id: runId, status: { in: ['SUCCEEDED', 'FAILED'] } },
    include: {
      datasetVersion: { include: { dataset: true } },
      models: { include: { artifacts: true } },
      ensemble: { include: { artifacts: true } },
    },
  })

async function rankings() {
  const run = await endedRun()
  const bytes = await buffer(storage.read(run!.retrievalQueriesSha256!))
  return RetrievalQueries.parse(JSON.parse(bytes.toString()))
}

it('learns identities and keeps how well others are found, by each student and by all together', async () => {
  const run = await endedRun()
  expect(run).toMatchObject({ status: 'SUCCEEDED', failureMessage: null })
  expect(run!.datasetVersion.dataset.kind).toBe('RETRIEVAL')
  expect(run!.evaluation).toMatchObject({ kind: 'RETRIEVAL', queryCount: 2, galleryCount: 6 })
  for (const trained of [...run!.models, run!.ensemble!]) {
    expect(trained.meanAveragePrecision).toBeGreaterThan(0)
    expect(trained.rank1).toBeGreaterThanOrEqual(0)
    expect(trained.artifacts.map(({ format }) => format).sort()).toEqual(['SAFETENSORS', 'TFJS'])
  }
  expect(run!.models[0]!.top1).toBeNull()
  const { query, gallery, ensemble } = await rankings()
  expect(query.identities).toEqual([11, 12])
  // Junk is not in the gallery at all; the query's own camera's image of 11 is not ranked for it.
  expect(gallery.identities).toHaveLength(6)
  expect(ensemble[0]!.gallery.map((i) => [gallery.identities[i], gallery.cameras[i]])).not.toContainEqual([
    11, 1,
  ])
})

it('hands out with the ensemble a program that ranks one folder for another as the run did', async () => {
  const run = await endedRun()
  const { sha256 } = run!.ensemble!.artifacts.find(({ format }) => format === 'TFJS')!
  const zip = await storage.fetchLocal(sha256)
  const own = path.join(folder, 'own')
  await mkdir(path.join(own, 'node_modules/@tensorflow'), { recursive: true })
  for (const name of ['@tensorflow/tfjs', 'sharp'])
    await symlink(path.join(REPOSITORY, 'node_modules', name), path.join(own, 'node_modules', name))
  const model = JSON.parse((await readZipEntry(zip, 'model.json', 1e7))!.toString())
  for (const name of ['model.json', 'rank.mjs', ...model.weightsManifest[0].paths])
    await writeFile(path.join(own, name), (await readZipEntry(zip, name, 1e8))!)
  for (const [split, name] of [
    ['query', 'query'],
    ['gallery', 'bounding_box_test'],
  ] as const) {
    await mkdir(path.join(own, split))
    const files = NAMES.filter((file) => file.startsWith(`${name}/`) && !file.includes('/-1_'))
    for (const file of files) await writeFile(path.join(own, split, path.basename(file)), pictures[file]!)
  }
  const { stdout } = await execute(process.execPath, [
    path.join(own, 'rank.mjs'),
    path.join(own, 'query'),
    path.join(own, 'gallery'),
  ])
  const printed = [...stdout.matchAll(/^ {2}\d+\. (\S+) ([\d.]+)$/gm)].map(([, name, distance]) => ({
    name,
    distance,
  }))
  expect(printed).toHaveLength(12)
  const inGallery = NAMES.filter((file) => file.startsWith('bounding_box_test/') && !file.includes('/-1_'))
    .map((file) => path.basename(file))
    .sort()
  const { ensemble } = await rankings()
  const first = printed.slice(0, 6).filter(({ name }) => !name!.startsWith('0011_c1'))
  expect(first.map(({ name }) => name)).toEqual(ensemble[0]!.gallery.map((i) => inGallery[i]))
  for (const [rank, { distance }] of first.entries())
    expect(Number(distance)).toBeCloseTo(ensemble[0]!.distances[rank]!, 3)
}, 60_000)

async function askFor(format: ArtifactFormat, trained: { modelId: string } | { ensembleId: string }) {
  const id = newId('Export')
  const { teamId, userId } = team
  await db.database.export.create({ data: { id, teamId, createdById: userId, format, ...trained } })
  await queues.enqueue(exportModelJob, { exportId: id })
  return waitUntil(
    'the export has ended',
    () => db.database.export.findFirst({ where: { id, status: { in: ['READY', 'FAILED'] } } }),
    60_000,
  )
}

it('writes the ensemble as ONNX, in 8 bits too, and a student as a SavedModel when they are asked for', async () => {
  const run = await endedRun()
  const modelId = run!.models[0]!.id
  const asked = [
    [await askFor('ONNX', { ensembleId: run!.ensemble!.id }), 'model.onnx'],
    [await askFor('ONNX_INT8', { ensembleId: run!.ensemble!.id }), 'model.onnx'],
    [await askFor('SAVED_MODEL', { modelId }), 'saved_model.pb'],
  ] as const
  for (const [row, file] of asked) {
    expect(row).toMatchObject({ status: 'READY', failure: null })
    const { format } = row
    const where = { OR: [{ modelId: row.modelId ?? '' }, { ensembleId: row.ensembleId ?? '' }], format }
    const { sha256, byteLength } = await db.database.artifact.findFirstOrThrow({ where })
    expect(await storage.byteLength(sha256)).toBe(Number(byteLength))
    const zip = await storage.fetchLocal(sha256)
    expect(await readZipEntry(zip, file, 1e8)).not.toBeNull()
    if (format !== 'ONNX_INT8') continue
    const { quantization } = JSON.parse((await readZipEntry(zip, 'metadata.json', 1e7))!.toString())
    const { ensemble } = run!.evaluation as { ensemble: { meanAveragePrecision: number } }
    expect(quantization.loss).toMatchObject({ queries: 2, gallery: 6 })
    expect(quantization.loss.float32.meanAveragePrecision).toBeCloseTo(ensemble.meanAveragePrecision, 6)
    expect(quantization.loss.featureSimilarity.mean).toBeGreaterThan(0.99)
  }
}, 120_000)

it('tells step by step what it is about, and nothing of it when it has ended', async () => {
  await db.database.$executeRaw`CREATE TABLE told (n SERIAL, step TEXT)`
  await db.database.$executeRaw`CREATE FUNCTION note_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO told (step) VALUES (NEW.step); RETURN NEW; END $$`
  await db.database
    .$executeRaw`CREATE TRIGGER note_step AFTER UPDATE ON "Export" FOR EACH ROW EXECUTE FUNCTION note_step()`
  const run = await endedRun()
  const exported = () => db.database.teamEvent.count({ where: { kind: 'MODEL_EXPORTED' } })
  const before = await exported()
  const row = await askFor('ONNX', { modelId: run!.models[0]!.id })
  expect(row).toMatchObject({ status: 'READY', step: null })
  const told = await db.database.$queryRaw<{ step: string | null }[]>`SELECT step FROM told ORDER BY n`
  expect(told.map(({ step }) => step)).toEqual([...EXPORT_STEPS, null])
  expect(await exported()).toBe(before + 1)
}, 60_000)

it('says of an export whose weights are gone that they are', async () => {
  const run = await endedRun()
  const { id: modelId, artifacts } = run!.models[1]!
  await storage.remove(artifacts.find(({ format }) => format === 'SAFETENSORS')!.sha256)
  const row = await askFor('ONNX', { modelId })
  expect(row).toMatchObject({
    status: 'FAILED',
    failure: expect.stringContaining('no longer in the storage'),
  })
}, 60_000)
