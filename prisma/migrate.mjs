// Applies prisma/migrations at run time without Prisma's CLI, whose native engine would have to be
// downloaded. Uses Prisma's own ledger table and lock, so that its tools agree about what has been applied.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const PRISMA_LOCK = 72707369
const OWN_MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url))

/** The first migration of 0.1. The migrations of 0.2 are a fresh start and do not build on those of 0.1. */
const FIRST_BEFORE_0_2 = '20261124090000_init'

/** The database was made by a version before 0.2. `place` identifies it: `{host, port, user, database}`. */
class OlderDatabase extends Error {
  code = 'OLDER_DATABASE'

  constructor(ledger, { host, port, user, database }) {
    const names = [...ledger.keys()].sort()
    super(
      `The database ${database} on ${host}:${port} was made by a Studyhall older than 0.2: it has ${names.length} of that version's migrations, ${names[0]} to ${names.at(-1)}. There is no upgrade path from versions before 0.2. Nothing in the database was changed.`,
    )
    this.place = { host, port, user, database }
  }
}

const LEDGER = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`

/**
 * Applies every pending migration, each in its own transaction, and returns their names. Concurrent callers
 * wait for each other. Throws if an applied migration was edited, if the database was made by a version
 * before 0.2 (`code` is then OLDER_DATABASE), or if a migration fails: that one is rolled back, and those
 * before it stay.
 */
export async function migrate(connectionString, { folder = OWN_MIGRATIONS } = {}) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK])
    await client.query(LEDGER)
    const pending = await readPending(client, folder)
    for (const migration of pending) await apply(client, migration)
    return pending.map(({ name }) => name)
  } finally {
    // Closing the connection also releases the lock.
    await client.end()
  }
}

/**
 * Whether `migrate` would apply anything. Throws as `migrate` does for an edited migration or an older
 * database.
 */
export async function hasPendingMigrations(connectionString, { folder = OWN_MIGRATIONS } = {}) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query(`select to_regclass('_prisma_migrations') is not null as exists`)
    return !rows[0].exists || (await readPending(client, folder)).length > 0
  } finally {
    await client.end()
  }
}

async function readPending(client, folder) {
  const migrations = readMigrations(folder)
  const ledger = await readLedger(client)
  if (ledger.has(FIRST_BEFORE_0_2) && !migrations.some(({ name }) => name === FIRST_BEFORE_0_2))
    throw new OlderDatabase(ledger, client)
  return findPending(migrations, ledger)
}

function readMigrations(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

async function readLedger(client) {
  const { rows } = await client.query(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  )
  return new Map(rows.map((row) => [row.migration_name, row]))
}

function findPending(migrations, ledger) {
  return migrations.filter(({ name, checksum }) => {
    const entry = ledger.get(name)
    if (!entry) return true
    if (entry.checksum !== checksum)
      throw new Error(
        `The migration ${name} was edited after it had been applied: put it back, and write a new one.`,
      )
    if (!entry.finished_at)
      throw new Error(
        `The migration ${name} failed half-way: \`prisma migrate resolve\` tells Prisma what became of it.`,
      )
    return false
  })
}

async function apply(client, { name, sql, checksum }) {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`The migration ${name} failed, and nothing of it stays: ${error.message}`, {
      cause: error,
    })
  }
}
