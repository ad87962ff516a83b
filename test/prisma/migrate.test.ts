import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasPendingMigrations, migrate } from '../../prisma/migrate.mjs'
import { databaseUrl } from '../../scripts/setup/postgres/database-url.mjs'
import { explainOlderDatabase } from '../../scripts/setup/postgres/older-database.mjs'

let folder: string
let url: string

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'studyhall-migrations-'))
  const name = `test_migrate_${randomBytes(6).toString('hex')}`
  url = urlOf(name)
  await query(`create database ${name}`, urlOf('postgres'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await query(`drop database ${new URL(url).pathname.slice(1)} with (force)`, urlOf('postgres'))
})

function urlOf(database: string): string {
  const result = new URL(databaseUrl())
  result.pathname = `/${database}`
  return result.toString()
}

async function query(sql: string, connectionString = url) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function addMigration(name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true })
  writeFileSync(path.join(folder, name, 'migration.sql'), sql)
}

describe('migrate', () => {
  it('applies what the database has not seen, in order, and then has nothing to do', async () => {
    addMigration('2_rows', 'insert into shelves values (7)')
    addMigration('1_shelves', 'create table shelves (id int)')
    expect(await hasPendingMigrations(url, { folder })).toBe(true)
    expect(await migrate(url, { folder })).toEqual(['1_shelves', '2_rows'])
    expect(await migrate(url, { folder })).toEqual([])
    expect(await hasPendingMigrations(url, { folder })).toBe(false)
    expect(await query('select id from shelves')).toEqual([{ id: 7 }])
  })

  it('applies each migration once when several processes begin together', async () => {
    addMigration('1_shelves', 'create table shelves (id int); select pg_sleep(0.1)')
    const applied = await Promise.all([1, 2, 3].map(() => migrate(url, { folder })))
    expect(applied.flat()).toEqual(['1_shelves'])
  })

  it('leaves nothing of a migration that fails, and all of those before it', async () => {
    addMigration('1_shelves', 'create table shelves (id int)')
    addMigration('2_broken', 'create table books (id int); select 1 / 0')
    await expect(migrate(url, { folder })).rejects.toThrow(/2_broken failed.*division by zero/)
    expect(await query(`select to_regclass('shelves') as shelves, to_regclass('books') as books`)).toEqual([
      { shelves: 'shelves', books: null },
    ])
    addMigration('2_broken', 'create table books (id int)')
    expect(await migrate(url, { folder })).toEqual(['2_broken'])
  })

  it('refuses to go on when an applied migration was edited', async () => {
    addMigration('1_shelves', 'create table shelves (id int)')
    await migrate(url, { folder })
    addMigration('1_shelves', 'create table shelves (id bigint)')
    await expect(migrate(url, { folder })).rejects.toThrow(/1_shelves was edited/)
  })
})

describe('a database of a version before 0.2', () => {
  beforeEach(async () => {
    addMigration(
      '20261124090000_init',
      'create table "User" (id text, at timestamp(3)); create type "Role" as enum ()',
    )
    addMigration('20261124090100_walls', `insert into "User" values ('ada', '2026-11-24')`)
    await migrate(url, { folder })
  })

  it('is refused by `npm run migrate` with what to do, and not a thing in it is changed', async () => {
    const before = await readEverything()
    const { code, stdout, stderr } = await runProgram(['scripts/migrate.mjs'])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    const { hostname, port, username, pathname } = new URL(url)
    const name = pathname.slice(1)
    expect(stderr).toContain(
      `The database ${name} on ${hostname}:${port} was made by a Studyhall older than 0.2: it has 2 of that version's migrations, 20261124090000_init to 20261124090100_walls. There is no upgrade path from versions before 0.2. Nothing in the database was changed.`,
    )
    const where = `--host=${hostname} --port=${port} --username=${username}`
    expect(stderr.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining([`dropdb ${where} ${name}`, `createdb ${where} ${name}`, 'npm run migrate']),
    )
    expect(stderr).not.toContain(new URL(url).password)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(await readEverything()).toEqual(before)
  })

  it('is refused by the set-up in the same words, without a stack', async () => {
    const before = await readEverything()
    const step = `
      import { migrateDatabase } from './scripts/setup/postgres/migrate.mjs'
      import { SetupError } from './scripts/setup/run-command.mjs'
      for (const work of [migrateDatabase.isCurrent, migrateDatabase.run])
        await work().catch((error) => console.log(error instanceof SetupError, error.message.split(':')[0]))`
    const { stdout } = await runProgram(['--input-type=module', '--eval', step])
    const refused = `true The database ${new URL(url).pathname.slice(1)} on ${new URL(url).hostname}`
    expect(stdout.trim().split('\n')).toEqual([refused, refused])
    expect(await readEverything()).toEqual(before)
  })

  it('is put aside by hand where it is the embedded one', async () => {
    const error = await migrate(url).catch((reason) => reason)
    const explained = explainOlderDatabase(error, { isEmbedded: true, data: '/home/ada/my work/postgres' })
    expect(explained?.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        'npm run stop',
        "mv '/home/ada/my work/postgres' '/home/ada/my work/postgres-before-0.2'",
        'npm run setup',
      ]),
    )
  })

  it('is told from every other failure', () => {
    expect(explainOlderDatabase(new Error('connect ECONNREFUSED'))).toBeUndefined()
  })
})

/** Where each row lies and who wrote it: a row that was written again lies elsewhere. */
async function readEverything() {
  return Promise.all(
    ['pg_class', 'pg_attribute', 'pg_type', 'pg_constraint', '_prisma_migrations', '"User"'].map((table) =>
      query(`select ctid::text, xmin::text, xmax::text from ${table} order by ctid`),
    ),
  )
}

async function runProgram(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = promisify(execFile)(process.execPath, args, { env: { ...process.env, DATABASE_URL: url } })
  return run.then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}
