import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database.ts'

const INSTANT = '2026-03-08T06:59:59.123Z'
const NEAR_MS = 60_000

let test: TestDatabase

beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

/** What a process of this time zone reads of the times that it wrote, by a server of the other. */
async function writeAndRead(processZone: string, serverZone: string) {
  const name = new URL(test.url).pathname.slice(1)
  await test.database.$executeRawUnsafe(`ALTER DATABASE ${name} SET timezone TO '${serverZone}'`)
  await test.database.user.deleteMany()
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'test/prisma/write-and-read-times.ts'],
    { env: { ...process.env, TZ: processZone, DATABASE_URL: test.url, INSTANT } },
  )
  return JSON.parse(stdout)
}

/** Seconds since 1970 have no time zone. */
async function readStored(): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: test.url })
  await client.connect()
  try {
    const { rows } = await client.query(
      `SELECT id, (EXTRACT(EPOCH FROM "createdAt") * 1000)::float8 AS ms FROM "User"`,
    )
    return Object.fromEntries(rows.map(({ id, ms }) => [id, ms]))
  } finally {
    await client.end()
  }
}

describe.each([
  ['America/New_York', 'Asia/Tokyo', 300],
  ['Asia/Kolkata', 'America/St_Johns', -330],
  ['UTC', 'UTC', 0],
])('a process in %s with a server in %s', (processZone, serverZone, offsetMinutes) => {
  it('stores and reads every time as the instant that it is', async () => {
    const read = await writeAndRead(processZone, serverZone)
    expect(read.offsetMinutes).toBe(offsetMinutes)

    const stored = await readStored()
    expect(stored).toMatchObject({ client: Date.parse(INSTANT), parameter: Date.parse(INSTANT) })
    expect(Math.abs(stored.default! - Date.now())).toBeLessThan(NEAR_MS)

    const isoTimes = Object.fromEntries(
      Object.entries(stored).map(([id, ms]) => [id, new Date(ms).toISOString()]),
    )
    expect(read.byClient).toEqual(isoTimes)
    expect(read.byRawQuery).toEqual(isoTimes)
    expect(read.inList).toEqual(Object.values(isoTimes).sort())
    expect(read.found).toEqual(['client', 'parameter'])
    expect(read.foundByRawQuery).toEqual([{ id: 'client' }, { id: 'parameter' }])
  })
})
