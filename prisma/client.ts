import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient
/** A client inside `$transaction`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]
export type * from './generated/client.ts'
export { Prisma } from './generated/client.ts'

/** Limits how long a process that stalled inside a transaction, or whose machine is gone, keeps its locks. */
const MAX_IDLE_IN_TRANSACTION_MS = 10_000

/** A request that waits behind a hundred others is answered late, and not refused. */
const USUAL_TRANSACTION = { maxWait: 10_000, timeout: 10_000 }

/** Opens a pool of at most `maxConnections` connections; close it with `$disconnect`. */
export function openDatabase(connectionString: string, maxConnections = 10): Database {
  return new PrismaClient({
    transactionOptions: USUAL_TRANSACTION,
    adapter: new PrismaPg({
      connectionString,
      max: maxConnections,
      idle_in_transaction_session_timeout: MAX_IDLE_IN_TRANSACTION_MS,
      // The adapter writes times in UTC without an offset, and ignores the offset of the times it reads: in a
      // session with another time zone both would be off by hours.
      onConnect: async (client) => {
        await client.query(`SET TIME ZONE 'UTC'`)
      },
    }),
  })
}
