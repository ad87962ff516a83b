import { SetupError } from '../run-command.mjs'
import { databaseUrl } from './database-url.mjs'
import { explainOlderDatabase } from './older-database.mjs'

// Loaded late: the first set-up has no node_modules when this file is read.
const loadMigrations = () => import('../../../prisma/migrate.mjs')

/** Asks the database itself, not a stamp: it may be another one today, or restored from a backup. */
export const migrateDatabase = {
  name: 'migrate',
  title: 'Database migrations',
  needs: ['postgres'],
  async isCurrent() {
    const { hasPendingMigrations } = await loadMigrations()
    return !(await hasPendingMigrations(databaseUrl()).catch(rethrow))
  },
  async run() {
    const { migrate } = await loadMigrations()
    const applied = await migrate(databaseUrl()).catch(rethrow)
    return `${applied.length} applied`
  },
}

function rethrow(error) {
  const explanation = explainOlderDatabase(error)
  throw explanation === undefined ? error : new SetupError(explanation)
}
