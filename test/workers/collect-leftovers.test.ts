import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiskStorage } from '../../storage/disk.ts'
import { collectBlobs } from '../../workers/jobs/collect-blobs.ts'
import { collectScratch, scratchPrefix } from '../../workers/jobs/scratch.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam } from './rows.ts'

const HOUR_MS = 3_600_000

let db: TestDatabase
let folder: string
let storage: DiskStorage

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'leftovers-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
})
afterAll(async () => {
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function keep(bytes: string, agoMs: number): Promise<string> {
  const { sha256 } = await storage.put(Readable.from([Buffer.from(bytes)]))
  const then = new Date(Date.now() - agoMs)
  await utimes(await storage.fetchLocal(sha256), then, then)
  return sha256
}

async function age(agoMs: number): Promise<void> {
  for await (const { sha256 } of storage.list()) {
    const then = new Date(Date.now() - agoMs)
    await utimes(await storage.fetchLocal(sha256), then, then)
  }
}

describe('collecting blobs', () => {
  it('removes old ones that nothing names, and leaves those of datasets and checkpoints, and new ones', async () => {
    const team = await createTeam(db.database)
    const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(8))
    const versionId = await createReadyVersion(db.database, team, storage, archive)
    const runId = await createRun(db.database, team, versionId)
    await age(2 * HOUR_MS)
    const { manifest } = await db.database.datasetVersion.findUniqueOrThrow({ where: { id: versionId } })
    const ofDataset = JSON.stringify(manifest).match(/[0-9a-f]{64}/g)!
    // Whatever else the packing keeps, no row of this test names.
    await collectBlobs(db.database, storage, HOUR_MS)
    const ofCheckpoint = await keep('a checkpoint', 2 * HOUR_MS)
    const position = { step: 1, epoch: 1, byteLength: 12n, sha256: ofCheckpoint }
    await db.database.checkpoint.create({ data: { teamId: team.teamId, runId, ...position } })
    const unnamed = await keep('nobody’s', 2 * HOUR_MS)
    const justWritten = await keep('somebody’s soon', 0)

    expect(await collectBlobs(db.database, storage, HOUR_MS)).toBe(1)
    expect(await storage.has(unnamed)).toBe(false)
    expect(ofDataset.length).toBeGreaterThanOrEqual(4)
    for (const sha256 of [...ofDataset, ofCheckpoint, justWritten])
      expect(await storage.has(sha256)).toBe(true)

    // A checkpoint that the rule has let go of is nobody's any more.
    await db.database.checkpoint.deleteMany({ where: { runId } })
    expect(await collectBlobs(db.database, storage, HOUR_MS)).toBe(1)
    expect(await storage.has(ofCheckpoint)).toBe(false)
  })
})

describe('collecting scratch folders', () => {
  it('removes those of processes of this machine that are gone, and no other', async () => {
    const scratch = path.join(folder, 'scratch')
    // The greatest number that Linux gives a process is smaller.
    const gone = `training-${hostname()}-99999999-abc`
    const kept = [`${scratchPrefix()}abc`, 'training-elsewhere-99999999-abc', 'something-else']
    for (const name of [gone, ...kept]) await mkdir(path.join(scratch, name), { recursive: true })
    expect(await collectScratch(scratch)).toBe(1)
    expect((await readdir(scratch)).sort()).toEqual(kept.sort())
  })
})
