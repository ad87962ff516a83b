/** Run by time-zones.test.ts in a process of another time zone: writes one instant in every way, and tells what it reads. */
import { openDatabase } from '../../prisma/client.ts'

const instant = new Date(process.env.INSTANT!)
const database = openDatabase(process.env.DATABASE_URL!)
try {
  const person = (id: string) => ({ id, name: id, email: `${id}@example.org` })
  await database.user.create({ data: { ...person('client'), createdAt: instant } })
  await database.user.create({ data: { ...person('default') } })
  await database.$executeRaw`
    INSERT INTO "User" (id, name, email, "createdAt", "updatedAt")
    VALUES ('parameter', 'parameter', 'parameter@example.org', ${instant}, now())`
  const raw = await database.$queryRaw<{ id: string; createdAt: Date }[]>`SELECT id, "createdAt" FROM "User"`
  const [list] = await database.$queryRaw<
    { times: Date[] }[]
  >`SELECT array_agg("createdAt") AS times FROM "User"`
  process.stdout.write(
    JSON.stringify({
      offsetMinutes: instant.getTimezoneOffset(),
      byClient: timesOf(await database.user.findMany()),
      byRawQuery: timesOf(raw),
      inList: list!.times.map((time) => time.toISOString()).sort(),
      found: (await database.user.findMany({ where: { createdAt: instant }, orderBy: { id: 'asc' } })).map(
        ({ id }) => id,
      ),
      foundByRawQuery: await database.$queryRaw`
        SELECT id FROM "User" WHERE "createdAt" = ${instant} ORDER BY id`,
    }),
  )
} finally {
  await database.$disconnect()
}

function timesOf(rows: { id: string; createdAt: Date }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ id, createdAt }) => [id, createdAt.toISOString()]))
}
