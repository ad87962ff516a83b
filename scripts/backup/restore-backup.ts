import path from 'node:path'
import type pg from 'pg'
import { DiskStorage } from '../../storage/disk.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { countRows, listMigrations, listTables, readTable, withClient } from './tables.ts'
import type { Place } from './take-backup.ts'

/**
 * Puts a backup into an empty product: blobs first, each checked by its hash, then all rows in one transaction.
 * @throws Error where the database holds anything, or is of another version; nothing has been changed then
 */
export async function restoreBackup(
  { databaseUrl, storage }: Place,
  folder: string,
  tell: (message: string) => void = () => {},
): Promise<Manifest> {
  const manifest = await readManifest(folder)
  await withClient(databaseUrl, async (client) => {
    await requireSameVersion(client, manifest)
    await requireEmpty(client)
    const copies = new DiskStorage(path.join(folder, 'blobs'))
    for (const [k, sha256] of manifest.blobs.entries()) {
      if (k % 100 === 0) tell(`blob ${k} of ${manifest.blobs.length}`)
      if (!(await storage.has(sha256))) await storage.put(copies.read(sha256), sha256)
    }
    await restoreRows(client, manifest, path.join(folder, manifest.tablesFolder), tell)
  })
  return manifest
}

async function requireSameVersion(client: pg.Client, { migrations }: Manifest): Promise<void> {
  const here = await listMigrations(client)
  const lacking = migrations.filter((name) => !here.includes(name))
  const more = here.filter((name) => !migrations.includes(name))
  if (lacking.length + more.length === 0) return
  const why =
    lacking.length > 0 ? `a newer version, with ${lacking[0]}` : `an older version, without ${more[0]}`
  throw new Error(
    `The backup is of ${why}. Restore it with the version that took it, then upgrade: nothing was changed.`,
  )
}

async function requireEmpty(client: pg.Client): Promise<void> {
  for (const table of await listTables(client))
    if ((await countRows(client, table)) > 0)
      throw new Error(
        `The database is not empty: “${table}” has rows. A backup is restored into a fresh one: nothing was changed.`,
      )
}

async function restoreRows(
  client: pg.Client,
  { tables }: Manifest,
  folder: string,
  tell: (message: string) => void,
): Promise<void> {
  await client.query('BEGIN')
  // Rows come back as they were: no trigger judges how they could have come about, or counts them once more.
  await client.query('SET LOCAL session_replication_role = replica').catch((error: Error) => {
    throw new Error(
      `The database’s user may not restore (${error.message}): let a superuser do it, or grant SET ON PARAMETER session_replication_role.`,
    )
  })
  for (const [table, count] of Object.entries(tables)) {
    await readTable(client, table, folder)
    const there = await countRows(client, table)
    if (there !== count) throw new Error(`“${table}” has ${there} rows and should have ${count}.`)
    tell(`${table}: ${count}`)
  }
  await client.query('COMMIT')
}
