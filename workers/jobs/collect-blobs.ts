import type { Database } from '../../prisma/client.ts'
import { Prisma } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

const CHUNK = 1000

/**
 * Removes the blobs that no row names.
 * @param graceMs  a blob that was kept less long ago stays: the row that is to name it may not be written yet
 * @returns how many there were
 */
export async function collectBlobs(
  database: Database,
  storage: BlobStorage,
  graceMs: number,
): Promise<number> {
  const keptBefore = Date.now() - graceMs
  const old: string[] = []
  for await (const { sha256, storedAt } of storage.list())
    if (storedAt.getTime() < keptBefore) old.push(sha256)
  // Asked after the listing: what a row names by now is not among the unnamed.
  const named = await findNamed(database)
  const unnamed = old.filter((sha256) => !named.has(sha256))
  for (let i = 0; i < unnamed.length; i += CHUNK)
    await Promise.all(unnamed.slice(i, i + CHUNK).map((sha256) => storage.remove(sha256)))
  return unnamed.length
}

/**
 * Every hash in the rows: in columns whose name tells of one, and anywhere in JSON. Found by the tables' own
 * description, so that a table that is added later is not forgotten. A run's events tell of what was, and
 * keep nothing.
 */
async function findNamed(database: Database): Promise<Set<string>> {
  const columns = await database.$queryRaw<{ table: string; column: string }[]>`
    SELECT table_name AS table, column_name AS column FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'RunEvent'
      AND (column_name ILIKE '%sha256%' OR data_type = 'jsonb' OR data_type = 'ARRAY')`
  const named = new Set<string>()
  for (const { table, column } of columns) {
    // Names of the catalogue, not of a person.
    const [from, value] = [Prisma.raw(`"${table}"`), Prisma.raw(`"${column}"::text`)]
    const rows = await database.$queryRaw<{ sha256: string }[]>`
      SELECT DISTINCT found[1] AS sha256 FROM ${from}, regexp_matches(${value}, '[0-9a-f]{64}', 'g') AS found`
    for (const { sha256 } of rows) named.add(sha256)
  }
  return named
}
