import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type pg from 'pg'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { findBlobs, listMigrations, listTables, withClient, writeTable } from './tables.ts'

/** A run that trains replaces its checkpoints: a snapshot whose blobs went away before they were copied is taken again. */
const MOST_ATTEMPTS = 5

export interface Place {
  databaseUrl: string
  storage: BlobStorage
}

/**
 * Copies rows and blobs into a folder, while the product goes on: the rows of one moment, and every blob that they name.
 * A folder that has a backup already becomes the newer one, and only blobs that it lacks are copied.
 */
export async function takeBackup(
  { databaseUrl, storage }: Place,
  folder: string,
  tell: (message: string) => void = () => {},
): Promise<Manifest> {
  await mkdir(path.join(folder, 'blobs'), { recursive: true })
  const copies = new DiskStorage(path.join(folder, 'blobs'))
  return withClient(databaseUrl, async (client) => {
    for (let attempt = 1; ; attempt++) {
      const snapshot = await writeSnapshot(client, folder)
      tell(`${Object.values(snapshot.tables).reduce((sum, count) => sum + count, 0)} rows`)
      const missing = await copyBlobs(storage, copies, snapshot.blobs, tell)
      const stillNamed = missing.length > 0 ? await findBlobs(client) : new Set<string>()
      const missingBlobs = missing.filter((sha256) => stillNamed.has(sha256))
      if (missingBlobs.length < missing.length && attempt < MOST_ATTEMPTS) {
        tell('a run went on meanwhile; once more')
        continue
      }
      if (missingBlobs.length < missing.length)
        throw new Error(
          'Runs replace their checkpoints faster than they can be copied. Try again, or pause them.',
        )
      const blobs = snapshot.blobs.filter((sha256) => !missing.includes(sha256))
      const manifest = { ...snapshot, blobs, missingBlobs }
      await writeManifest(folder, manifest)
      await removeOlder(folder, copies, manifest)
      return manifest
    }
  })
}

async function writeSnapshot(client: pg.Client, folder: string): Promise<Manifest> {
  const takenAt = new Date()
  const tablesFolder = `tables-${takenAt.getTime()}`
  await mkdir(path.join(folder, tablesFolder))
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    const tables: Manifest['tables'] = {}
    for (const table of await listTables(client))
      tables[table] = await writeTable(client, table, path.join(folder, tablesFolder))
    return {
      format: 'studyhall-backup-1',
      takenAt: takenAt.toISOString(),
      migrations: await listMigrations(client),
      tables,
      tablesFolder,
      blobs: [...(await findBlobs(client))].sort(),
      missingBlobs: [],
    }
  } finally {
    await client.query('COMMIT')
  }
}

/** @returns those that the storage has not */
async function copyBlobs(
  from: BlobStorage,
  to: BlobStorage,
  hashes: readonly string[],
  tell: (message: string) => void,
): Promise<string[]> {
  const missing: string[] = []
  for (const [k, sha256] of hashes.entries()) {
    if (k % 100 === 0) tell(`blob ${k} of ${hashes.length}`)
    if (await to.has(sha256)) continue
    const isCopied = (await from.has(sha256)) && (await copyBlob(from, to, sha256))
    if (!isCopied) missing.push(sha256)
  }
  return missing
}

async function copyBlob(from: BlobStorage, to: BlobStorage, sha256: string): Promise<boolean> {
  try {
    await to.put(from.read(sha256), sha256)
    return true
  } catch (error) {
    // Removed while it was read.
    if (!(await from.has(sha256))) return false
    throw error
  }
}

/** What only an earlier backup in this folder had. */
async function removeOlder(
  folder: string,
  copies: BlobStorage,
  { tablesFolder, blobs }: Manifest,
): Promise<void> {
  for (const name of await readdir(folder))
    if (/^tables-\d+$/.test(name) && name !== tablesFolder)
      await rm(path.join(folder, name), { recursive: true })
  const kept = new Set(blobs)
  for await (const { sha256 } of copies.list()) if (!kept.has(sha256)) await copies.remove(sha256)
}
