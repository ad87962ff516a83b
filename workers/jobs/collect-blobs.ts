import type { Database } from '../../prisma/client.ts'
import { Prisma } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

const CHUNK = 1000

/**
 * Removes the blobs that no row references.
 * @param graceMs  younger blobs stay, because the row that will reference them may not have been written yet
 * @returns how many were removed
 */
export async function collectBlobs(
  database: Database,
  storage: BlobStorage,
  graceMs: number,
): Promise<number> {
  const storedBefore = Date.now() - graceMs
  const old: string[] = []
  for await (const { sha256, storedAt } of storage.list())
    if (storedAt.getTime() < storedBefore) old.push(sha256)
  // Queried after the listing, so that a blob referenced meanwhile is not collected.
  const referenced = await findReferenced(database)
  const unreferenced = old.filter((sha256) => !referenced.has(sha256))
  for (let i = 0; i < unreferenced.length; i += CHUNK)
    await Promise.all(unreferenced.slice(i, i + CHUNK).map((sha256) => storage.remove(sha256)))
  return unreferenced.length
}

/**
 * Every hash in the rows: in columns whose name contains sha256, and anywhere in JSON or arrays. Columns are
 * found through information_schema, so that tables added later are covered. A run's events and the audit log are
 * history and keep no blob alive.
 */
async function findReferenced(database: Database): Promise<Set<string>> {
  const columns = await database.$queryRaw<{ table: string; column: string }[]>`
    SELECT table_name AS table, column_name AS column FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT IN ('RunEvent', 'AuditEvent')
      AND (column_name ILIKE '%sha256%' OR data_type = 'jsonb' OR data_type = 'ARRAY')`
  const referenced = new Set<string>()
  for (const { table, column } of columns) {
    // Safe to interpolate: the names come from the catalogue, not from users.
    const [from, value] = [Prisma.raw(`"${table}"`), Prisma.raw(`"${column}"::text`)]
    const rows = await database.$queryRaw<{ sha256: string }[]>`
      SELECT DISTINCT found[1] AS sha256 FROM ${from}, regexp_matches(${value}, '[0-9a-f]{64}', 'g') AS found`
    for (const { sha256 } of rows) referenced.add(sha256)
  }
  return referenced
}
