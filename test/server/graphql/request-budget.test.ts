import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../../server/start-server.ts'
import { type RedisServer, startRedisServer } from '../../storage/redis-server.ts'
import { makeKey } from '../make-key.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

const LIMIT = 2_000
/** More than half of what a minute has. */
const DEAR =
  '{ viewer { teams { runs(first: 59) { nodes { id } } } } rateLimit { limit cost remaining resetAt } }'
const CHEAP = '{ rateLimit { cost remaining } }'

let redis: RedisServer
let server: TestServer
/** Another one on the same database and the same Redis. */
let second: RunningServer
let ada: Person
beforeAll(async () => {
  redis = await startRedisServer()
  server = await startTestServer({ costPerMinute: LIMIT, redisUrl: redis.url })
  second = await startServer({ ...server.config, redisUrl: redis.url })
  ada = await server.signUp()
})
afterAll(async () => {
  await second.close()
  await server.stop()
  await redis.stop()
})

const keyApi = async () => new Api(server.url, { authorization: `Bearer ${await makeKey(ada)}` })

async function post(api: Api, query: string, url = api.url) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...api.headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
}
interface Answer {
  data?: { rateLimit: { limit: number; cost: number; remaining: number; resetAt: string } }
  errors?: { message: string; extensions: { code: string; retryAfterSeconds: number } }[]
}

it('tells in the answer and in its headers what an operation costs and what is left', async () => {
  const api = await keyApi()
  const { status, headers, body } = await post(api, DEAR)
  const { limit, cost, remaining, resetAt } = body.data!.rateLimit
  expect(status).toBe(200)
  expect([limit, remaining]).toEqual([LIMIT, LIMIT - cost])
  expect(cost).toBeGreaterThan(LIMIT / 2)
  expect(new Date(resetAt).getTime()).toBeGreaterThan(Date.now())
  expect(headers.get('ratelimit-policy')).toBe(`"cost";q=${LIMIT};w=60`)
  expect(headers.get('ratelimit')).toMatch(new RegExp(`^"cost";r=${remaining};t=\\d+$`))
  expect(headers.get('retry-after')).toBeNull()
  const next = await post(api, CHEAP)
  expect(next.body.data!.rateLimit).toEqual({ cost: 3, remaining: remaining - 3 })
})

it('refuses what is too dear for the rest of the minute with 429, and says when to try again', async () => {
  const api = await keyApi()
  await post(api, DEAR)
  const { status, headers, body } = await post(api, DEAR)
  expect(status).toBe(429)
  const [{ extensions, message }] = body.errors as [NonNullable<Answer['errors']>[0]]
  expect(extensions.code).toBe('RATE_LIMITED')
  expect(headers.get('retry-after')).toBe(String(extensions.retryAfterSeconds))
  expect(message).toContain(`Try again in ${extensions.retryAfterSeconds} s`)
})

it('takes what an agent’s tools ask for from the same budget, and tells the agent', async () => {
  const api = await keyApi()
  const callTool = () =>
    fetch(`${api.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...api.headers,
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'whoami', arguments: {} },
      }),
    })
  await callTool()
  const { remaining } = (await post(api, CHEAP)).body.data!.rateLimit
  expect(remaining).toBeLessThan(LIMIT - 3)
  await post(api, DEAR)
  let told = ''
  for (let calls = 0; calls < 50 && !told.includes('RATE_LIMITED'); calls++)
    told = await (await callTool()).text()
  expect(told).toMatch(/"isError":true.*RATE_LIMITED|RATE_LIMITED.*"isError":true/)
})

it('takes nothing for an operation that it refuses', async () => {
  const api = await keyApi()
  const { remaining } = (await post(api, DEAR)).body.data!.rateLimit
  const refused = await post(api, DEAR)
  expect([refused.status, refused.headers.get('ratelimit')]).toEqual([
    429,
    expect.stringMatching(`^"cost";r=${remaining};`),
  ])
  expect((await post(api, CHEAP)).body.data!.rateLimit.remaining).toBe(remaining - 3)
})

it('of strangers who look at shared pages is another one than that by which they sign in', async () => {
  const stranger = new Api(server.url)
  const looks = 'query { shared(token: "x") { asksPassword run { metrics { steps } } } }'
  const answers = []
  for (let n = 0; n < 11; n++) answers.push((await post(stranger, looks)).status)
  expect(answers).toEqual([...Array(10).fill(200), 429])
  expect((await post(stranger, CHEAP)).status).toBe(200)
})

it('is one budget for HTTP and WebSocket, and for all API servers', async () => {
  const api = await keyApi()
  await post(api, DEAR)
  const extensions = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) }
  await expect(api.listen(DEAR).next()).rejects.toMatchObject([{ extensions }])
  const other = await keyApi()
  for await (const { errors } of new Api(second.url, other.headers).listen(DEAR))
    expect(errors).toBeUndefined()
  expect((await post(other, DEAR)).status).toBe(429)
  expect((await post(other, DEAR, second.url)).status).toBe(429)
})

it('is each key’s and each person’s own', async () => {
  const [first, another] = [await keyApi(), await keyApi()]
  await post(first, DEAR)
  expect((await post(first, DEAR)).status).toBe(429)
  expect((await post(another, DEAR)).status).toBe(200)
  expect((await post(ada.api, DEAR)).status).toBe(200)
})

it('is counted by each server for itself while Redis is away', async () => {
  const api = await keyApi()
  await redis.stop()
  expect((await post(api, DEAR)).status).toBe(200)
  expect((await post(api, DEAR)).status).toBe(429)
})
