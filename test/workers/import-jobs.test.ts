import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Job } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetEdit } from '../../contract/edits/dataset-edit.ts'
import { newId } from '../../contract/ids.ts'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import { openLog } from '../../logging/open-log.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { collectBlobs } from '../../workers/jobs/collect-blobs.ts'
import { importDataset } from '../../workers/jobs/import-dataset.ts'
import { inspectUpload } from '../../workers/jobs/inspections/inspect-upload.ts'
import type { ImportContext } from '../../workers/jobs/worker-context.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { LASTING_PICTURES, writeLastingImport } from './datasets/lasting-import.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { createTeam, createVersion, type TestTeam } from './rows.ts'
import { waitUntil } from './wait-until.ts'

const CIFAR = path.join('test', 'references', 'formats', 'cifar-10-python.tar.gz')
const FIRST_TRY = { attemptsStarted: 1, attemptsMade: 0, opts: { attempts: 3 } } as Job

let db: TestDatabase
let team: TestTeam
let folder: string
let storage: DiskStorage
let context: ImportContext
let lasting: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imports-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
  db = await createTestDatabase()
  team = await createTeam(db.database)
  lasting = await writeLastingImport(path.join(folder, 'lasting.zip'))
  context = {
    config: { scratchFolder: path.join(folder, 'scratch') },
    database: db.database,
    storage,
    log: openLog('worker', 'silent'),
    shutdown: new AbortController().signal,
  }
})
afterAll(async () => {
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

const versionOf = (id: string) => db.database.datasetVersion.findUniqueOrThrow({ where: { id } })
const leftBehind = async () => [
  ...(await readdir(path.join(folder, 'scratch'))),
  ...(await readdir(path.join(folder, 'storage', 'temporary'))),
]

describe('an import', () => {
  it('prepares images as its version asks, and records how', async () => {
    const file = await writeZip(path.join(folder, 'prepared.zip'), await twoClasses(2))
    const id = await createVersion(db.database, team, storage, file)
    const wanted = { wantedFit: 'CONTAIN', wantedBackground: '#ffcc00' }
    await db.database.datasetVersion.update({ where: { id }, data: wanted })
    await importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    const { manifest } = await versionOf(id)
    expect(PackedDataset.parse(manifest).preparation).toEqual({ fit: 'CONTAIN', background: '#ffcc00' })
  })

  it('is told of once it is ready, in the transaction that makes it so', async () => {
    const file = await writeZip(path.join(folder, 'told.zip'), await twoClasses(2))
    const id = await createVersion(db.database, team, storage, file)
    const told = () => db.database.teamEvent.count({ where: { kind: 'DATASET_READY', teamId: team.teamId } })
    const before = await told()
    await importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    expect((await versionOf(id)).status).toBe('READY')
    expect(await told()).toBe(before + 1)
  })

  it('tells how far it is and how long it still takes, and stops within seconds when it is canceled', async () => {
    const id = await createVersion(db.database, team, storage, lasting)
    const done = importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    await waitUntil('it tells the time that is left', async () => {
      const { secondsLeft, picturesSeen, picturesTotal } = await versionOf(id)
      return picturesSeen > 0 && picturesTotal === LASTING_PICTURES && secondsLeft !== null && secondsLeft > 0
    })
    await db.database.datasetVersion.update({
      where: { id },
      data: { status: 'FAILED', failure: 'The import was canceled.' },
    })
    const canceledAt = performance.now()
    await done
    expect(performance.now() - canceledAt).toBeLessThan(5_000)
    expect(await versionOf(id)).toMatchObject({
      status: 'FAILED',
      failure: 'The import was canceled.',
      manifest: null,
    })
    expect(await leftBehind()).toEqual([])
  })

  it('whose version is deleted meanwhile ends without a word', async () => {
    const id = await createVersion(db.database, team, storage, lasting)
    const done = importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    await waitUntil('it is under way', async () => (await versionOf(id)).picturesSeen > 0)
    await db.database.datasetVersion.delete({ where: { id } })
    await done
    expect(await leftBehind()).toEqual([])
  })

  it('names every blob of its overview in its row, so that none is removed as nobody’s', async () => {
    const id = await createVersion(db.database, team, storage, CIFAR)
    await importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    const { manifest, overviewSha256, overviewBlobs } = await versionOf(id)
    const overview = JSON.parse(await readFile(await storage.fetchLocal(overviewSha256!), 'utf8'))
    const named = JSON.stringify([overview, manifest]).match(/[0-9a-f]{64}/g)!
    expect(overviewBlobs).toHaveLength(3)
    await collectBlobs(db.database, storage, -60_000)
    for (const sha256 of named) expect(await storage.has(sha256)).toBe(true)
  })

  it('reads an archive as the format that was asked for', async () => {
    const id = await createVersion(db.database, team, storage, CIFAR)
    await importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    const { manifest, overviewSha256, ...recognised } = await versionOf(id)
    expect(recognised.status).toBe('READY')
    expect(PackedDataset.parse(manifest).splits.train.count).toBe(20)
    expect(await storage.has(overviewSha256!)).toBe(true)
    const other = await createVersion(db.database, team, storage, CIFAR)
    await db.database.datasetVersion.update({ where: { id: other }, data: { format: 'image-folder' } })
    await importDataset(context, { datasetVersionId: other }, FIRST_TRY)
    expect(await versionOf(other)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringMatching(/no image/),
    })
  })

  it('of an edit makes a version of its parent, which stays as it is', async () => {
    const archive = await writeZip(path.join(folder, 'two.zip'), await twoClasses(6))
    const parentId = await createVersion(db.database, team, storage, archive)
    await importDataset(context, { datasetVersionId: parentId }, FIRST_TRY)
    const parent = await versionOf(parentId)
    const edit = DatasetEdit.parse({ drop: [{ split: 'train', indices: [0] }] })
    const { teamId, datasetId, uploadId } = parent
    const id = newId('DatasetVersion')
    await db.database.datasetVersion.create({
      data: { id, teamId, datasetId, uploadId, number: 2, parentId, edit },
    })
    await importDataset(context, { datasetVersionId: id }, FIRST_TRY)
    const made = await versionOf(id)
    expect(made.status).toBe('READY')
    expect(PackedDataset.parse(made.manifest).splits.train.classCounts).toEqual([5, 6])
    expect(await versionOf(parentId)).toEqual(parent)
  })
})

describe('a look at an upload', () => {
  async function inspectionOf(archive: string) {
    const { uploadId } = await versionOf(await createVersion(db.database, team, storage, archive))
    await inspectUpload(context, { uploadId })
    return (await db.database.upload.findUniqueOrThrow({ where: { id: uploadId } })).inspection
  }

  it('says what it would be imported as', async () => {
    expect(await inspectionOf(CIFAR)).toMatchObject({
      outcome: 'RECOGNISED',
      format: 'cifar-python',
      kind: 'CLASSIFICATION',
      classCount: 10,
      splits: [
        { name: 'train', count: 20 },
        { name: 'test', count: 5 },
      ],
    })
  })

  it('says why it would be refused', async () => {
    const file = path.join(folder, 'hello')
    await writeFile(file, 'hello')
    expect(await inspectionOf(file)).toEqual({
      outcome: 'REFUSED',
      reason: expect.stringMatching(/not a zip, tar or tar.gz archive/),
    })
    expect(await leftBehind()).toEqual([])
  })
})
