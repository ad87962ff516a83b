import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient
/** A client inside `$transaction`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]
export type * from './generated/client.ts'
export { Prisma } from './generated/client.ts'

/** Opens the database; close it with `$disconnect`. At most `maxConnections` connections are held. */
export function openDatabase(connectionString: string, maxConnections = 10): Database {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString, max: maxConnections }) })
}
