// How our programs find the database: DATABASE_URL, or the embedded PostgreSQL created by the set-up.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { externalDatabaseUrl, home } from '../settings.mjs'
import { writeFileWhole } from '../stamps.mjs'

const USER = 'studyhall'
const DATABASE = 'studyhall'

/** The embedded server's `{port, password, keepRunning}`, or undefined before the first set-up. */
export function readPostgresState(folder = home) {
  try {
    return JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/** Readable by the owner only, since the file contains the password. */
export function writePostgresState(state, folder = home) {
  writeFileWhole(join(folder, 'postgres.json'), `${JSON.stringify(state)}\n`, 0o600)
}

export function databaseUrl() {
  return externalDatabaseUrl ?? embeddedDatabaseUrl()
}

/** The connection string of a database on the embedded server, regardless of DATABASE_URL. */
export function embeddedDatabaseUrl({ folder = home, database = DATABASE } = {}) {
  const state = readPostgresState(folder)
  if (!state) throw new Error('There is no database yet: run `npm run setup`, or set DATABASE_URL.')
  return `postgresql://${USER}:${state.password}@127.0.0.1:${state.port}/${database}`
}

export const embeddedUser = USER
export const embeddedDatabase = DATABASE
