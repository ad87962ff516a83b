import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient
/** A client inside `$transaction`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]
export type * from './generated/client.ts'
export { Prisma } from './generated/client.ts'

/** A process that was stopped within a transaction, or whose machine is gone, keeps its locks no longer than this. */
const MOST_IDLE_IN_TRANSACTION_MS = 10_000

/** Opens the database; close it with `$disconnect`. At most `maxConnections` connections are held. */
export function openDatabase(connectionString: string, maxConnections = 10): Database {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString,
      max: maxConnections,
      idle_in_transaction_session_timeout: MOST_IDLE_IN_TRANSACTION_MS,
      // The adapter writes times without their offset, in UTC, and takes the offset that it reads for UTC's: in a session
      // of another time zone both would be hours off.
      onConnect: async (client) => {
        await client.query(`SET TIME ZONE 'UTC'`)
      },
    }),
  })
}
