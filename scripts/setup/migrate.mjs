import { databaseUrl } from './database-url.mjs'

// Loaded late: the first set-up has no node_modules when this file is read.
const loadMigrations = () => import('../../prisma/migrate.mjs')

/** Asks the database itself, not a stamp: it may be another one today, or restored from a backup. */
export const migrateDatabase = {
  name: 'migrate',
  title: 'Database migrations',
  needs: ['postgres'],
  async isCurrent() {
    const { hasPendingMigrations } = await loadMigrations()
    return !(await hasPendingMigrations(databaseUrl()))
  },
  async run() {
    const { migrate } = await loadMigrations()
    const applied = await migrate(databaseUrl())
    return `${applied.length} applied`
  },
}
