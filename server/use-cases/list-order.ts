import { Prisma } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'

/** As the schema has them; null is the newest first. */
export type TimeOrder = 'NEWEST' | 'OLDEST'
export type ListOrder = TimeOrder | 'NAME'

type Key = string | number | undefined

/** The rest of a list by what begins with the time at which an item was made: `id`, or a number. */
export function onwards<K extends Key>(order: ListOrder | null | undefined, key: K) {
  if (key === undefined) return {}
  return order === 'OLDEST' ? { gt: key } : { lt: key }
}

export function direction(order: ListOrder | null | undefined): 'asc' | 'desc' {
  return order === 'OLDEST' ? 'asc' : 'desc'
}

/** The same for SQL. @returns a condition, and what follows ORDER BY */
export function byTimeSql(order: ListOrder | null | undefined, column: Prisma.Sql, key: Key) {
  const isRising = order === 'OLDEST'
  return {
    onwards:
      key === undefined
        ? Prisma.sql`true`
        : Prisma.sql`${column} ${isRising ? Prisma.sql`>` : Prisma.sql`<`} ${key}`,
    orderBy: Prisma.sql`${column} ${isRising ? Prisma.sql`ASC` : Prisma.sql`DESC`}`,
  }
}

/**
 * The name after which a page by name goes on; undefined for the first page.
 * @throws AppError INVALID_INPUT where the item is gone, and with it its place in the order
 */
export async function nameBefore(
  key: string | undefined,
  find: (id: string) => Promise<{ name: string } | null>,
): Promise<string | undefined> {
  if (key === undefined) return undefined
  const found = await find(key)
  if (found) return found.name
  throw new AppError('INVALID_INPUT', 'after: what the page began after was deleted. Begin anew.', ['after'])
}
