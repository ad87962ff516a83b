import { type Database, Prisma, type Run } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'
import { orderSql, RUN_TABLES } from './run-columns-sql.ts'
import { Column, type RunFilter, selectRuns } from './select-runs.ts'

type Ordered = RunFilter & { orderBy?: { column: string; descending?: boolean | null } | null }
type RunsPage = PageArguments & Ordered

/** A page of a team's runs, newest first unless it is ordered otherwise. @throws AppError INVALID_INPUT */
export function readRuns(
  database: Database,
  teamId: string,
  { first, after, orderBy, ...filter }: RunsPage,
): Promise<Connection<Run>> {
  const selected = selectRuns(teamId, filter)
  const column = parseInput(Column, orderBy?.column ?? 'number', ['orderBy', 'column'])
  const isDescending = orderBy?.descending ?? true
  const direction = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const by = column === 'number' ? Prisma.sql`r.number` : orderSql(column, isDescending)
  return readPage(
    { first, after },
    {
      keyOf: ({ number }: Run) => number,
      parseKey: parseNumberKey,
      async read(before, limit) {
        const onwards =
          before === undefined
            ? Prisma.empty
            : await afterSql(database, teamId, before, { column, by, isDescending })
        const rows = await database.$queryRaw<{ id: string }[]>`
          SELECT r.id ${selected} ${onwards} ORDER BY ${by} ${direction}, r.number ${direction} LIMIT ${limit}`
        return readInOrder(
          database,
          rows.map(({ id }) => id),
        )
      },
      async count() {
        const [row] = await database.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count ${selected}`
        return row?.count ?? 0
      },
    },
  )
}

/** The runs before and after one in a list; null where there is none. @throws AppError INVALID_INPUT */
export async function readRunNeighbours(
  database: Database,
  teamId: string,
  { number, orderBy, ...filter }: Ordered & { number: number },
): Promise<{ previous: Run | null; next: Run | null }> {
  const selected = selectRuns(teamId, filter)
  const column = parseInput(Column, orderBy?.column ?? 'number', ['orderBy', 'column'])
  const isDescending = orderBy?.descending ?? true
  const by = column === 'number' ? Prisma.sql`r.number` : orderSql(column, isDescending)
  const read = async (isNext: boolean) => {
    const isFalling = isNext === isDescending
    const direction = isFalling ? Prisma.sql`DESC` : Prisma.sql`ASC`
    const rows = await database.$queryRaw<{ id: string }[]>`
      SELECT r.id ${selected} ${await afterSql(database, teamId, number, { column, by, isDescending: isFalling })}
      ORDER BY ${by} ${direction}, r.number ${direction} LIMIT 1`
    const [run = null] = await readInOrder(
      database,
      rows.map(({ id }) => id),
    )
    return run
  }
  const [previous, next] = await Promise.all([read(false), read(true)])
  return { previous, next }
}

interface Order {
  column: string
  by: Prisma.Sql
  isDescending: boolean
}

/**
 * The runs that come after the one with a number, by what that is ordered by now.
 * @throws AppError INVALID_INPUT where that run is gone, and with it its place in the order
 */
async function afterSql(
  database: Database,
  teamId: string,
  number: number,
  { column, by, isDescending }: Order,
): Promise<Prisma.Sql> {
  const comes = isDescending ? Prisma.sql`<` : Prisma.sql`>`
  if (column === 'number') return Prisma.sql`AND r.number ${comes} ${number}`
  if (!(await database.run.findFirst({ where: { teamId, number }, select: { id: true } })))
    throw new AppError('INVALID_INPUT', 'after: the run that the page began after was deleted. Begin anew.', [
      'after',
    ])
  return Prisma.sql`AND (${by}, r.number) ${comes} (
    SELECT ${by}, r.number FROM ${RUN_TABLES} WHERE r."teamId" = ${teamId} AND r.number = ${number})`
}

async function readInOrder({ run }: Database, ids: string[]): Promise<Run[]> {
  const rows = await run.findMany({ where: { id: { in: ids } } })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
