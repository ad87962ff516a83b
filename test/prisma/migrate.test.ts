import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasPendingMigrations, migrate } from '../../prisma/migrate.mjs'
import { databaseUrl } from '../../scripts/setup/database-url.mjs'

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
