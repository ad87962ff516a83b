import { SetupError } from '../run-command.mjs'
import { databaseUrl } from './database-url.mjs'
import { explainOlderDatabase } from './older-database.mjs'

// Imported late, because node_modules does not exist yet when the first set-up loads this file.
const loadMigrations = () => import('../../../prisma/migrate.mjs')

/** Checks the database rather than a stamp, because it may have been replaced or restored from a backup. */
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
