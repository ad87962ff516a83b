import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db?.drop())

it('every column that holds a text, a list or JSON has a limit, whoever writes', async () => {
  const columns = await db.database.$queryRaw<{ place: string; checks: string | null }[]>`
    SELECT c.table_name || '.' || c.column_name AS place,
      (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (k.conkey)
        WHERE k.contype = 'c' AND t.relname = c.table_name AND a.attname = c.column_name) AS checks
    FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND table_type = 'BASE TABLE' AND c.table_name NOT LIKE '\\_prisma%'
      AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')`
  expect(columns.length).toBeGreaterThan(100)
  const bounded = ({ place, checks }: (typeof columns)[number]) => {
    const name = place.split('.')[1]
    const sized = new RegExp(`(length|cardinality|pg_column_size)\\(("?)${name}\\2\\)+ <= `)
    // A pattern with an end to each part says as much.
    return sized.test(checks ?? '') || new RegExp(`\\(?"?${name}"?.* ~ '\\^.*\\$'`).test(checks ?? '')
  }
  expect(columns.filter((column) => !bounded(column)).map(({ place }) => place)).toEqual([])
})

it.each([
  ['"User" (id, name, email, "updatedAt")', `'u1', repeat('a', 81), 'a@example.org', now()`],
  ['"User" (id, name, email, "updatedAt")', `'u1', 'Ada', repeat('a', 321), now()`],
  ['"Team" (id, slug, name)', `repeat('t', 65), 'team', 'Team'`],
  [
    '"Worker" (id, name, host, pid, device, "deviceName", capacity, "engineVersion", "engineBuild")',
    `'w', 'h:1', repeat('h', 256), 1, 'CPU', 'd', 1, '1', 'b'`,
  ],
])('nothing longer is written to %s', async (table, values) => {
  const written = db.database.$executeRawUnsafe(`INSERT INTO ${table} VALUES (${values})`)
  await expect(written).rejects.toThrow(/_text_lengths/)
})
