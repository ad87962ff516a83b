import { z } from 'zod'
import { type Database, Prisma, type Role } from '../../../prisma/client.ts'
import { type ListOrder, nameBefore } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, readPage } from '../read-page.ts'
import { matching, Search } from '../search.ts'

const MOST_TEAMS_SHOWN = 50

/** Somebody as the instance's administrator sees them. */
export interface InstancePerson {
  id: string
  name: string
  email: string
  createdAt: Date
  lastSignInAt: Date | null
  suspendedAt: Date | null
  isAdministrator: boolean
  twoFactorEnabled: boolean
  signInMethods: ('PASSWORD' | 'PROVIDER')[]
  teams: { name: string; slug: string; role: Role }[]
}

const Input = z.object({ search: Search })

/** A page of everybody who has an account, the newest first unless it is ordered otherwise. */
export function readPeople(
  database: Database,
  input: PageArguments & { search?: string | null; orderBy?: ListOrder | null },
): Promise<Connection<InstancePerson>> {
  const { search } = parseInput(Input, { search: input.search })
  const where = Prisma.sql`EXISTS (SELECT FROM "Account" WHERE "userId" = person.id)
    AND ${matching(search, Prisma.sql`person.name`, Prisma.sql`person.email`)}`
  return readPage(input, {
    keyOf: ({ createdAt, id }) => `${createdAt.toISOString()} ${id}`,
    parseKey: parseTimeKey,
    read: (key, limit) => readRows(database, where, key, limit, input.orderBy ?? 'NEWEST'),
    async count() {
      const [row] = await database.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM "User" AS person WHERE ${where}`
      return row?.count ?? 0
    },
  })
}

export async function readPerson(database: Database, id: string): Promise<InstancePerson> {
  const [person] = await select(database, Prisma.sql`person.id = ${id}`, 1)
  if (!person) throw new Error('a person vanished')
  return person
}

async function readRows(
  database: Database,
  where: Prisma.Sql,
  cursor: string | undefined,
  limit: number,
  order: ListOrder,
): Promise<InstancePerson[]> {
  const key = cursor === undefined ? null : splitKey(cursor)
  if (!key) return select(database, where, limit, order)
  const onwards =
    order === 'NAME'
      ? Prisma.sql`(person.name, person.id) > (${await nameBefore(key.id, (id) => database.user.findUnique({ where: { id } }))}, ${key.id})`
      : Prisma.sql`(person."createdAt", person.id) ${order === 'OLDEST' ? Prisma.sql`>` : Prisma.sql`<`} (${key.time}, ${key.id})`
  return select(database, Prisma.sql`${where} AND ${onwards}`, limit, order)
}

const ORDERS: Record<ListOrder, Prisma.Sql> = {
  NEWEST: Prisma.sql`person."createdAt" DESC, person.id DESC`,
  OLDEST: Prisma.sql`person."createdAt", person.id`,
  NAME: Prisma.sql`person.name, person.id`,
}

function select(
  database: Database,
  where: Prisma.Sql,
  limit: number,
  order: ListOrder = 'NEWEST',
): Promise<InstancePerson[]> {
  return database.$queryRaw<InstancePerson[]>`
    SELECT person.id, person.name, person.email, person."createdAt", person."lastSignInAt", person."suspendedAt",
      person."isAdministrator", person."twoFactorEnabled",
      ARRAY(SELECT DISTINCT CASE "providerId" WHEN 'credential' THEN 'PASSWORD' ELSE 'PROVIDER' END
        FROM "Account" WHERE "userId" = person.id ORDER BY 1) AS "signInMethods",
      (SELECT coalesce(json_agg(of_person), '[]') FROM (
        SELECT team.name, team.slug, member.role FROM "Member" AS member
        JOIN "Team" AS team ON team.id = member."teamId"
        WHERE member."userId" = person.id ORDER BY team.name LIMIT ${MOST_TEAMS_SHOWN}) AS of_person) AS teams
    FROM "User" AS person WHERE ${where}
    ORDER BY ${ORDERS[order]} LIMIT ${limit}`
}

interface TimeKey {
  time: Date
  id: string
}

function parseTimeKey(text: string): string | undefined {
  return splitKey(text) ? text : undefined
}

function splitKey(text: string): TimeKey | null {
  const [iso = '', id = ''] = text.split(' ')
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) || !id ? null : { time, id }
}
