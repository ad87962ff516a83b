import { type GraphQLError, getIntrospectionQuery, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchema } from '../../../server/graphql/schema.ts'
import { createLimits, validateLimited } from '../../../server/graphql/transport/limits.ts'
import { type RunningServer, startServer } from '../../../server/start-server.ts'
import { Api, authenticate, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let production: RunningServer
let silent: RunningServer

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  production = await startServer({ ...server.config, production: true })
  silent = await startServer({ ...server.config, production: true, showsSchema: false })
})
afterAll(async () => {
  await silent.close()
  await production.close()
  await server.stop()
})

/** What went wrong, by HTTP and by WebSocket. */
type Failure = { message: string; extensions?: { code?: string } }
type Ask = (api: Api, query: string, variables?: Record<string, unknown>) => Promise<Failure[]>
const transports: [string, Ask][] = [
  ['HTTP', async (api, query, variables) => (await api.send(query, variables)).errors ?? []],
  ['WebSocket', askBySocket],
]

async function askBySocket(
  api: Api,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Failure[]> {
  const client = api.socket()
  try {
    for await (const { errors } of client.iterate({ query, variables })) return [...(errors ?? [])]
    return []
  } catch (errors) {
    return errors as GraphQLError[]
  } finally {
    await client.dispose()
  }
}

function nested(depth: number): string {
  const open = 'runs(first: 1) { nodes { team { '.repeat(depth / 3)
  return `{ team(slug: "x") { ${open} id ${'} } }'.repeat(depth / 3)} } }`
}

const HOSTILE: [string, string, RegExp][] = [
  ['thirty levels', nested(30), /depth limit of 12 exceeded/i],
  [
    'a thousand aliases',
    `{ ${Array.from({ length: 1000 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    /stands in this operation more than 100 times/,
  ],
  [
    'forty aliases',
    `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: viewer { user { id } }`).join(' ')} }`,
    /alias/i,
  ],
  [
    'ten thousand directives',
    `{ viewer ${'@include(if: true) '.repeat(10_000)} { user { id } } }`,
    /stands in this operation more than 100 times/,
  ],
  ['thirty directives', `{ viewer { user { ${'id @include(if: true) '.repeat(30)} } } }`, /directives/i],
  [
    'nested pages',
    '{ team(slug: "x") { runs(first: 100) { nodes { team { runs(first: 100) { nodes { team { id } } } } } } } }',
    /could bring .* things/,
  ],
  [
    'nested pages whose sizes are left out',
    '{ team(slug: "x") { runs { nodes { team { runs { nodes { team { runs { nodes { id } } } } } } } } } }',
    /could bring .* things/,
  ],
  [
    'a fragment that spreads itself',
    '{ viewer { ...A } } fragment A on Viewer { user { id } ...A }',
    /spread fragment/i,
  ],
]

describe.each(transports)('by %s', (_, ask) => {
  it.each(HOSTILE)('rows 30, 31 and 33: %s are refused', async (_, query, message) => {
    const errors = await ask(ada.api, query)
    expect(errors.map((error) => error.message).join('\n')).toMatch(message)
  })

  it('an honest page of everything is answered', async () => {
    const { teams } = (await ada.api.ask('{ viewer { teams { slug } } }')).viewer
    const query = `{ team(slug: "${teams[0].slug}") { runs(first: 50) { totalCount pageInfo { hasNextPage endCursor } edges {
      cursor node { id number status phase progress { step steps epoch epochs imagesPerSecond remainingSeconds }
      cohort { name students { name } } students { student { name } lastLoss bestTestTop1 } createdBy { name } } } } } }`
    expect(await ask(ada.api, query)).toEqual([])
  })

  it('the schema is shown to whoever is signed in, and to nobody where that is the setting', async () => {
    const api = new Api(production.url, ada.api.headers)
    expect(await ask(api, getIntrospectionQuery())).toEqual([])
    const closed = new Api(silent.url, ada.api.headers)
    expect((await ask(closed, '{ __schema { types { name } } }'))[0]?.message).toMatch(/introspection/i)
    const fields = (depth: number): string => (depth ? `fields { type { ${fields(depth - 1)} } }` : 'name')
    expect(await ask(api, `{ __schema { types { ${fields(5)} } } }`)).not.toEqual([])
  })

  it('row 34: suggestions are off in production', async () => {
    const api = new Api(production.url, ada.api.headers)
    const [misspelt] = await ask(api, '{ viewr { user { id } } }')
    expect(misspelt?.message).toMatch(/^Cannot query field "viewr" on type "Query"\.$/)
    const variables = { input: { nam: 'x' } }
    expect((await ask(api, CREATE_TEAM, variables)).map(({ message }) => message).join()).not.toMatch(/Did/)
  })

  it('a message that echoes the beginnings of many suggestions is answered at once, and cut', async () => {
    const api = new Api(production.url, ada.api.headers)
    const size = ' Did you mean '.repeat(25_000)
    const asVariable = 'query ($first: Int!) { team(slug: "x") { runs(first: $first) { totalCount } } }'
    const asLiteral = `{ team(slug: "x") { runs(first: "${size}") { totalCount } } }`
    const started = performance.now()
    const errors = [...(await ask(api, asVariable, { first: size })), ...(await ask(api, asLiteral))]
    // The half of a minute where the time grows with the square.
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Variable "\$first" got invalid value/),
      expect.stringMatching(/^Int cannot represent non-integer value/),
    ])
    for (const { message } of errors) expect(message.length).toBeLessThan(2_000)
  })

  it('a value with thousands of unknown fields is not printed for each of them', async () => {
    const input = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`unknown${i}`, i]))
    const errors = await ask(ada.api, CREATE_TEAM, { input })
    expect(errors[0]?.message).toMatch(/^Variable "\$input" got invalid value/)
    expect(JSON.stringify(errors).length).toBeLessThan(20_000)
  })
})

const CREATE_TEAM = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { errors { code } } }'

describe('a name of 300,000 accents', () => {
  const name = `a${'\u0300\u0323'.repeat(150_000)}`
  const within = async <Result>(timeoutMs: number, work: () => Promise<Result>): Promise<Result> => {
    const started = performance.now()
    const result = await work()
    expect(performance.now() - started).toBeLessThan(timeoutMs)
    return result
  }

  it('is no name of a team, which is told at once', async () => {
    const { createTeam } = await within(5_000, () => ada.api.ask(CREATE_TEAM, { input: { name } }))
    expect(createTeam.errors).toEqual([{ code: 'INVALID_INPUT' }])
  })

  it('is no name of a person, which is told at once, too', async () => {
    const account = { name, email: 'accents@example.org', password: 'correct horse battery' }
    const { publicOrigin } = server.config
    const refused = await within(5_000, () =>
      authenticate(server.url, publicOrigin, 'sign-up/email', account),
    )
    expect(refused.status).toBe(400)
  })
})

it('row 30: takes less than 50 ms to refuse thirty levels', () => {
  const schema = createSchema()
  const limits = createLimits({ showsSchema: false })
  const document = parse(nested(30))
  const times = Array.from({ length: 10 }, () => {
    const started = performance.now()
    expect(validateLimited(schema, document, limits).length).toBeGreaterThan(0)
    return performance.now() - started
  })
  // The quickest one: what else the machine does at the moment is not asked.
  expect(Math.min(...times)).toBeLessThan(50)
})

describe('the HTTP endpoint', () => {
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${server.url}/graphql`, { method: 'POST', headers: { ...ada.api.headers, ...headers }, body })

  it('answers 413 past 1 MiB', async () => {
    const response = await post(JSON.stringify({ query: 'x'.repeat(1024 * 1024) }), {
      'content-type': 'application/json',
    })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })

  it('answers 400 to what is no JSON', async () => {
    expect((await post('{', { 'content-type': 'application/json' })).status).toBe(400)
  })

  it('row 35: refuses what a foreign page’s form could send', async () => {
    const body = JSON.stringify({ query: '{ viewer { user { id } } }' })
    expect((await post(body, { 'content-type': 'text/plain' })).status).toBe(400)
    const mutation = encodeURIComponent('mutation { createTeam(input: { name: "x" }) { team { id } } }')
    const url = `${server.url}/graphql?query=${mutation}`
    expect((await fetch(url, { headers: ada.api.headers })).status).toBe(400)
    const preflighted = { ...ada.api.headers, 'apollo-require-preflight': 'yes' }
    expect((await fetch(url, { headers: preflighted })).status).toBe(405)
  })

  it('is alive, ready, and leaves it to a proxy to close a connection between two requests', async () => {
    const alive = await fetch(`${server.url}/healthz`)
    expect(await alive.json()).toMatchObject({ status: 'ok' })
    expect(Number(/timeout=(\d+)/.exec(alive.headers.get('keep-alive')!)?.[1])).toBeGreaterThan(60)
    for (const path of ['readyz', 'livez']) expect((await fetch(`${server.url}/${path}`)).status).toBe(200)
  })

  it('row 32: answers no batches', async () => {
    const body = JSON.stringify([{ query: '{ viewer { user { id } } }' }])
    expect((await post(body, { 'content-type': 'application/json' })).status).toBe(400)
  })
})
