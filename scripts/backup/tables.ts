import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'

const ROWS_AT_ONCE = 200
const LEDGER = '_prisma_migrations'

export async function listTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> $1 ORDER BY 1`,
    [LEDGER],
  )
  return rows.map(({ table_name }) => table_name)
}

export async function listMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT migration_name FROM ${LEDGER} WHERE finished_at IS NOT NULL ORDER BY 1`,
  )
  return rows.map(({ migration_name }) => migration_name)
}

/** Each row as a line of JSON, as the transaction sees it. Numbers stay text: JavaScript would round them. */
export async function writeTable(client: pg.Client, table: string, folder: string): Promise<number> {
  let count = 0
  async function* lines() {
    await client.query(`DECLARE rows CURSOR FOR SELECT row_to_json(t)::text AS line FROM "${table}" AS t`)
    for (;;) {
      const { rows } = await client.query(`FETCH ${ROWS_AT_ONCE} FROM rows`)
      if (rows.length === 0) break
      count += rows.length
      yield rows.map(({ line }) => `${line}\n`).join('')
    }
    await client.query('CLOSE rows')
  }
  await pipeline(Readable.from(lines()), createWriteStream(path.join(folder, `${table}.jsonl`)))
  return count
}

export async function readTable(client: pg.Client, table: string, folder: string): Promise<void> {
  const columns = await listStoredColumns(client, table)
  const from = `SELECT ${columns} FROM json_populate_recordset(NULL::"${table}", $1::json)`
  const insert = async (lines: string[]) => {
    if (lines.length > 0) await client.query(`INSERT INTO "${table}" (${columns}) ${from}`, [`[${lines}]`])
  }
  const lines: string[] = []
  for await (const line of createInterface({
    input: createReadStream(path.join(folder, `${table}.jsonl`)),
  })) {
    lines.push(line)
    if (lines.length === ROWS_AT_ONCE) await insert(lines.splice(0))
  }
  await insert(lines)
}

/** Quoted and with commas; what the database generates from others cannot be inserted. */
async function listStoredColumns(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query(
    `SELECT quote_ident(column_name) AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    [table],
  )
  return rows.map(({ name }) => name).join(', ')
}

export async function countRows(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query(`SELECT count(*)::int AS count FROM "${table}"`)
  return rows[0].count
}

/** Every hash that rows name, as the transaction sees them; by the rule by which workers collect what nothing names. */
export async function findBlobs(client: pg.Client): Promise<Set<string>> {
  const { rows: columns } = await client.query(
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT IN ('RunEvent', $1)
       AND (column_name ILIKE '%sha256%' OR data_type = 'jsonb' OR data_type = 'ARRAY')`,
    [LEDGER],
  )
  const found = new Set<string>()
  for (const { table_name, column_name } of columns) {
    const { rows } = await client.query(
      `SELECT DISTINCT match[1] AS sha256
       FROM "${table_name}", regexp_matches("${column_name}"::text, '[0-9a-f]{64}', 'g') AS match`,
    )
    for (const { sha256 } of rows) found.add(sha256)
  }
  return found
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return work(client).finally(() => client.end())
}
