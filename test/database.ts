import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Database, openDatabase } from '../prisma/client.ts'
import { migrate } from '../prisma/migrate.mjs'
import { databaseUrl } from '../scripts/setup/postgres/database-url.mjs'

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

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

/** A fresh, migrated database on the real PostgreSQL; one for each test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(`CREATE DATABASE ${name}`)
  const url = urlOf(name)
  await migrate(url)
  const database = openDatabase(url)
  return {
    url,
    database,
    async drop() {
      await database.$disconnect()
      await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}
