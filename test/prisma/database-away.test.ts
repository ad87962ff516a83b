import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../prisma/client.ts'
import { isDatabaseAway, retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { findFreePorts } from '../free-ports.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db?.drop())

const failureOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => error,
  )

describe('a database is away', () => {
  it('where nobody listens at its address', async () => {
    const url = new URL(db.url)
    const [port] = await findFreePorts(1)
    url.port = String(port)
    const nowhere = openDatabase(url.toString())
    const failures = [
      await failureOf(nowhere.run.count()),
      await failureOf(nowhere.$queryRaw`SELECT 1`),
      await failureOf(nowhere.$transaction(async (tx) => tx.run.count())),
    ]
    await nowhere.$disconnect()
    expect(failures.map(isDatabaseAway)).toEqual([true, true, true])
  })

  it('where it ends the connection amid a query', async () => {
    expect(
      isDatabaseAway(await failureOf(db.database.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`)),
    ).toBe(true)
  })

  it.each([
    ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', '57P01', '57P03', '53300', '08006'],
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE'],
  ])('where the code of an error, or of its cause, is %s', (code) => {
    const error = Object.assign(new Error('it failed'), { code })
    expect(isDatabaseAway(error)).toBe(true)
    expect(isDatabaseAway(new Error('the run failed', { cause: error }))).toBe(true)
    expect(isDatabaseAway(new Error(`Raw query failed. Code: \`${code}\`. Message: \`no\``))).toBe(true)
  })

  it.each([
    ['of a constraint', Object.assign(new Error('no'), { code: '23505' })],
    ['of our own', new TypeError('x is not a function')],
    ['whose message has such a number', new Error('the batch 08123 of 53300 is too large')],
    ['that is none', 'ECONNREFUSED'],
  ])('but not by an error %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(false)
  })
})

describe('work that needs the database', () => {
  const away = () => Object.assign(new Error('no'), { code: 'ECONNREFUSED' })

  it('is tried again while it is away, and told which attempt it is', async () => {
    const attempts: number[] = []
    const work = async (attempt: number) => {
      attempts.push(attempt)
      if (attempt < 3) throw away()
      return 'done'
    }
    expect(await retryWhileDatabaseAway(work)).toBe('done')
    expect(attempts).toEqual([1, 2, 3])
  })

  it('fails at once by any other error', async () => {
    let times = 0
    const work = async () => {
      times++
      throw new Error('no such column')
    }
    await expect(retryWhileDatabaseAway(work)).rejects.toThrow('no such column')
    expect(times).toBe(1)
  })
})
