import { type Database, Prisma, type Transaction } from '../../prisma/client.ts'
import { inTransaction } from '../audit/trail.ts'

/** What is under way here for a row, by table and id. */
const underWay = new Map<string, Promise<unknown>>()

/**
 * Does something in a transaction while nobody else does so for the same row: whoever counts what a person or a team has,
 * and adds one more, would otherwise count before a hundred others have added. Calls of this process wait before they
 * take a connection, so that those of one team cannot take them all; other processes wait for the row's lock.
 */
export async function withLockedRow<Result>(
  database: Database,
  table: 'User' | 'Team',
  id: string,
  work: (tx: Transaction) => Promise<Result>,
  timeoutMs = 10_000,
): Promise<Result> {
  const key = `${table} ${id}`
  const result = (underWay.get(key) ?? Promise.resolve()).then(() =>
    inTransaction(
      database,
      async (tx) => {
        // What others insert meanwhile may refer to the row: they do not wait.
        await tx.$queryRaw`SELECT id FROM ${Prisma.raw(`"${table}"`)} WHERE id = ${id} FOR NO KEY UPDATE`
        return work(tx)
      },
      { timeout: timeoutMs },
    ),
  )
  const ended = result.catch(() => {})
  underWay.set(key, ended)
  try {
    return await result
  } finally {
    if (underWay.get(key) === ended) underWay.delete(key)
  }
}
