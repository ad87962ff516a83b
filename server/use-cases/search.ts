import { z } from 'zod'
import { Prisma } from '../../prisma/client.ts'

const LONGEST_SEARCH = 100

export const Search = z
  .string()
  .trim()
  .max(LONGEST_SEARCH, `has more than ${LONGEST_SEARCH} characters`)
  .nullish()

/** Of rows that have the text in one of some columns, in any case; of all where it is empty. */
export function matching(search: string | null | undefined, ...columns: Prisma.Sql[]): Prisma.Sql {
  if (!search) return Prisma.sql`true`
  const pattern = `%${plain(search)}%`
  const tests = columns.map((column) => Prisma.sql`${column} ILIKE ${pattern}`)
  return Prisma.sql`(${Prisma.join(tests, ' OR ')})`
}

/** The same of one column, as a query of Prisma has it. */
export function containing(search: string | null | undefined) {
  return search ? { contains: plain(search), mode: 'insensitive' as const } : undefined
}

/** No sign in it stands for others. */
function plain(search: string): string {
  return search.replace(/[\\%_]/g, '\\$&')
}
