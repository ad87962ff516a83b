import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Database, openDatabase } from '../prisma/client.ts'
import { migrate } from '../prisma/migrate.mjs'
import { databaseUrl } from '../scripts/setup/postgres/database-url.mjs'

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url))
const TEMPLATE = 'test_template'
const TEMPLATE_LOCK = 41_225_097

export interface TestDatabase {
  url: string
  database: Database
  /** Closes and drops it. */
  drop(): Promise<void>
}

/** The same server, another database. */
function urlOf(name: string): string {
  const url = new URL(databaseUrl())
  url.pathname = `/${name}`
  return url.toString()
}

async function asAdmin<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  return work(client).finally(() => client.end())
}

/** A fresh, migrated database on the real PostgreSQL; one for each test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  template ??= asAdmin(prepareTemplate)
  const source = await template
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`))
  const url = urlOf(name)
  const database = openDatabase(url)
  return {
    url,
    database,
    async drop() {
      await database.$disconnect()
      await asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}

/** How many of a database's sessions wait for a lock that another one has. */
export async function countWaiting(database: Database): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return row?.count ?? 0
}

let template: Promise<string> | undefined

/** The migrated database that others are copies of: a copy takes a fraction of what the migrations take. */
async function prepareTemplate(admin: pg.Client): Promise<string> {
  const name = `${TEMPLATE}_${hashMigrations()}`
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
    TEMPLATE,
  ])
  if (rows.some(({ datname }) => datname === name)) return name
  for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`)
  const unready = `${TEMPLATE}_unready`
  await admin.query(`CREATE DATABASE ${unready}`)
  await migrate(urlOf(unready))
  await admin.query(`ALTER DATABASE ${unready} RENAME TO ${name}`)
  return name
}

function hashMigrations(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' }).sort())
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(path.join(MIGRATIONS, file)))
  return hash.digest('hex').slice(0, 16)
}
