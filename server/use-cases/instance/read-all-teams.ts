import { z } from 'zod'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import { byTimeSql, type ListOrder, nameBefore } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'
import { matching, Search } from '../search.ts'
import { readStoredBytes, type StoredBytes } from './read-stored-bytes.ts'

/** A team as the instance's administrator sees it: how much of it there is, and nothing of what it is. */
export interface InstanceTeam {
  id: string
  name: string
  slug: string
  createdAt: Date
  deletionDueAt: Date | null
  members: number
  runs: number
  runsInHand: number
  stored: StoredBytes
}

const Input = z.object({ search: Search })

/** A page of all teams, the newest first unless it is ordered otherwise. */
export function readAllTeams(
  database: Database,
  input: PageArguments & { search?: string | null; orderBy?: ListOrder | null },
): Promise<Connection<InstanceTeam>> {
  const { search } = parseInput(Input, { search: input.search })
  const where = matching(search, Prisma.sql`team.name`, Prisma.sql`team.slug`)
  return readNewestFirst(input, {
    read: async (key, limit) => readRows(database, where, await placeOf(database, input.orderBy, key), limit),
    async count() {
      const [row] = await database.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM "Team" AS team WHERE ${where}`
      return row?.count ?? 0
    },
  })
}

type Place = Record<'onwards' | 'orderBy', Prisma.Sql>

async function placeOf(
  { team }: Database,
  order: ListOrder | null | undefined,
  key: string | undefined,
): Promise<Place> {
  if (order !== 'NAME') return byTimeSql(order, Prisma.sql`team.id`, key)
  const name = await nameBefore(key, (id) => team.findUnique({ where: { id } }))
  return {
    onwards: name === undefined ? Prisma.sql`true` : Prisma.sql`(team.name, team.id) > (${name}, ${key})`,
    orderBy: Prisma.sql`team.name, team.id`,
  }
}

async function readRows(
  database: Database,
  where: Prisma.Sql,
  { onwards, orderBy }: Place,
  limit: number,
): Promise<InstanceTeam[]> {
  const rows = await database.$queryRaw<Omit<InstanceTeam, 'stored'>[]>`
    SELECT team.id, team.name, team.slug, team."createdAt", team."deletionDueAt",
      (SELECT count(*)::int FROM "Member" JOIN "User" ON "User".id = "userId"
        WHERE "teamId" = team.id AND NOT "isServiceAccount") AS members,
      (SELECT count(*)::int FROM "Run" WHERE "teamId" = team.id) AS runs,
      (SELECT count(*)::int FROM "Run" WHERE "teamId" = team.id AND status IN ${HELD}) AS "runsInHand"
    FROM "Team" AS team WHERE ${where} AND ${onwards} ORDER BY ${orderBy} LIMIT ${limit}`
  const stored = await readStoredBytes(
    database,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ ...row, stored: stored(row.id) }))
}
