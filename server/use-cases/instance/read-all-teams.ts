import { z } from 'zod'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'
import { readStoredBytes, type StoredBytes } from './read-stored-bytes.ts'
import { matching, Search } from './search.ts'

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

/** A page of all teams, the newest first. */
export function readAllTeams(
  database: Database,
  input: PageArguments & { search?: string | null },
): Promise<Connection<InstanceTeam>> {
  const { search } = parseInput(Input, { search: input.search })
  const where = matching(search, Prisma.sql`team.name`, Prisma.sql`team.slug`)
  return readNewestFirst(input, {
    read: (before, limit) => readRows(database, where, before, limit),
    async count() {
      const [row] = await database.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM "Team" AS team WHERE ${where}`
      return row?.count ?? 0
    },
  })
}

async function readRows(
  database: Database,
  where: Prisma.Sql,
  before: string | undefined,
  limit: number,
): Promise<InstanceTeam[]> {
  const earlier = before === undefined ? Prisma.sql`true` : Prisma.sql`team.id < ${before}`
  const rows = await database.$queryRaw<Omit<InstanceTeam, 'stored'>[]>`
    SELECT team.id, team.name, team.slug, team."createdAt", team."deletionDueAt",
      (SELECT count(*)::int FROM "Member" JOIN "User" ON "User".id = "userId"
        WHERE "teamId" = team.id AND NOT "isServiceAccount") AS members,
      (SELECT count(*)::int FROM "Run" WHERE "teamId" = team.id) AS runs,
      (SELECT count(*)::int FROM "Run" WHERE "teamId" = team.id AND status IN ${HELD}) AS "runsInHand"
    FROM "Team" AS team WHERE ${where} AND ${earlier} ORDER BY team.id DESC LIMIT ${limit}`
  const stored = await readStoredBytes(
    database,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ ...row, stored: stored(row.id) }))
}
