/**
 * `npm run query -- "SELECT ..."`: one SQL query against the product's database, printed as a table. For looking, never for
 * mending: it runs in a read-only transaction, and only one that takes less than 10 s.
 */
import pg from 'pg'
import { databaseUrl } from './setup/postgres/database-url.mjs'

const LONGEST_MS = 10_000

async function main([sql, ...more]: string[]): Promise<void> {
  if (!sql || more.length > 0)
    throw new Error('Usage: npm run query -- "SELECT number, status FROM \\"Run\\""')
  const client = new pg.Client({
    connectionString: databaseUrl(),
    statement_timeout: LONGEST_MS,
    options: '-c default_transaction_read_only=on',
  })
  await client.connect().catch((error: Error) => {
    throw new Error(
      `The database does not answer (${error.message}). Start the product, or run \`npm run setup\`.`,
    )
  })
  try {
    const { rows } = await client.query(sql)
    console.table(rows)
  } finally {
    await client.end()
  }
}

await main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
