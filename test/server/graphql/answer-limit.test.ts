import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchema } from '../../../server/graphql/schema.ts'
import { isLonger } from '../../../server/graphql/transport/answer-limit.ts'
import { createLimits, parseLimited, validateLimited } from '../../../server/graphql/transport/limits.ts'
import { insertCohort, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  const { versionId } = await insertVersion(server.database, ada)
  const parts = { versionId, ...(await insertCohort(server.database, ada)) }
  // The longest recipe that the database takes.
  for (let i = 0; i < 100; i++) await insertRun(server.database, ada, parts)
  await server.database.run.updateMany({ data: { recipe: { note: 'é'.repeat(30_000) } } })
})
afterAll(() => server.stop())

const page = (times: number) =>
  `{ viewer { teams { runs(first: 100) { nodes { ${Array.from({ length: times }, (_, i) => `r${i}: recipe`).join(' ')} } } } } }`

describe('row 57: an answer of more than 16 MiB', () => {
  it('is not sent, by HTTP or by WebSocket, and holds nobody up', async () => {
    const refusal = [
      { message: expect.stringContaining('more than 16 MiB'), extensions: { code: 'LIMIT_EXCEEDED' } },
    ]
    let longestMs = 0
    let before = cpuMs()
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, cpuMs() - before)
      before = cpuMs()
    }, 5)
    const answer = await ada.api.send(page(16))
    clearInterval(timer)
    expect(answer).toMatchObject({ data: null, errors: refusal })
    for await (const { data, errors } of ada.api.socket().iterate({ query: page(16) })) {
      expect([data, errors]).toMatchObject([null, refusal])
      break
    }
    // Server and test share this loop: the half of what JSON of 90 MiB takes.
    expect(longestMs).toBeLessThan(500)
  })

  it('leaves smaller ones alone', async () => {
    const { viewer } = await ada.api.ask(page(2))
    expect(viewer.teams[0].runs.nodes).toHaveLength(100)
  })
})

/** Of this process, however busy the machine is. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

it('lengths are told by bytes, however deep, and a curve as a whole', () => {
  let deep: unknown = 'x'
  for (let i = 0; i < 200_000; i++) deep = [deep]
  expect(isLonger(deep, 1000)).toBe(false)
  expect(isLonger({ a: 'é'.repeat(500) }, 1000)).toBe(true)
  expect(isLonger({ a: 'e'.repeat(500) }, 1000)).toBe(false)
  expect(isLonger([Array(100).fill(1)], 1000)).toBe(true)
  expect(isLonger({ a: [null, true, undefined, 1] }, 1000)).toBe(false)
})

describe('a query that repeats what is cheap', () => {
  it('costs as it is compared, pair by pair', async () => {
    const page = `{ viewer { teams { runs(first: 100) { nodes { ${'number '.repeat(25)} } } } } }`
    // 25 fields and 300 pairs of each of a hundred runs, in ten teams.
    expect((await ada.api.send(page)).errors?.[0]?.message).toMatch(/could bring 326,\d+ things/)
  })

  it.each([
    'viewer { user { id } } ',
    'node(id: "x") { id } ',
    'architectures { name } ',
    'viewer { user { id id id id id id } } ',
  ])('is refused by both transports in less than 50 ms: %s', async (field) => {
    const query = `{ ${field.repeat(250)} }`
    const times = Array.from({ length: 8 }, () => {
      const started = performance.now()
      expect(() => parseLimited(query)).toThrow(/stands in this operation more than 100 times/)
      return performance.now() - started
    })
    expect(Math.min(...times)).toBeLessThan(50)
    const { status, errors } = await ada.api.send(query)
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringContaining('more than 100 times')])
  })

  it.each(['viewer { user { id } } ', 'node(id: "x") { id } ', 'architectures { name } '])(
    'as often as it may is checked in less than 100 ms: %s',
    (field) => {
      const schema = createSchema()
      const rules = createLimits({ showsSchema: false })
      const document = parseLimited(`{ ${field.repeat(50)} }`)
      const times = Array.from({ length: 8 }, () => {
        const started = performance.now()
        validateLimited(schema, document, rules)
        return performance.now() - started
      })
      expect(Math.min(...times)).toBeLessThan(100)
    },
  )
})
