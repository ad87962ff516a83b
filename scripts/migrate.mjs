/** `npm run migrate`: brings the database of DATABASE_URL up to date. Several at once wait for each other. */
import { migrate } from '../prisma/migrate.mjs'
import { databaseUrl } from './setup/postgres/database-url.mjs'
import { explainOlderDatabase } from './setup/postgres/older-database.mjs'

try {
  const applied = await migrate(databaseUrl())
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
} catch (error) {
  const explanation = explainOlderDatabase(error)
  if (explanation === undefined) throw error
  console.error(`✗ ${explanation}`)
  process.exitCode = 1
}
