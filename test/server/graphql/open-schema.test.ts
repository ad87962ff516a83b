import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery } from 'graphql'
import { auditServer } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { type RunningServer, startServer } from '../../../server/start-server.ts'
import { insertCohort, insertVersion } from '../rows.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let closed: RunningServer
let ada: Person
let bob: Person
beforeAll(async () => {
  server = await startTestServer({ production: true })
  closed = await startServer({ ...server.config, showsSchema: false })
  ada = await server.signUp()
  bob = await server.signUp('Bob')
})
afterAll(async () => {
  await closed.close()
  await server.stop()
})

describe('the schema', () => {
  it('is read at /schema.graphql by whoever is signed in', async () => {
    const answer = await fetch(`${server.url}/schema.graphql`, { headers: ada.api.headers })
    expect(await answer.text()).toBe(readFileSync('schema.graphql', 'utf8'))
    expect((await fetch(`${server.url}/schema.graphql`)).status).toBe(401)
    expect((await fetch(`${closed.url}/schema.graphql`, { headers: ada.api.headers })).status).toBe(404)
  })

  it('is introspected by whoever is signed in, and by nobody else', async () => {
    const { data } = await ada.api.send(getIntrospectionQuery())
    const expected = Object.keys(buildSchema(readFileSync('schema.graphql', 'utf8')).getTypeMap())
    expect(data.__schema.types.map(({ name }: { name: string }) => name).sort()).toEqual(expected.sort())
    const stranger = await new Api(server.url).send('{ __type(name: "Run") { name } }')
    expect(stranger).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    const named = await new Api(server.url).send('{ __typename }')
    expect(named.data).toEqual({ __typename: 'Query' })
  })
})

it('passes graphql-http’s audit for a signed-in client', async () => {
  const audited = await auditServer({
    url: `${server.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        // What marks a client that is no page's form; without it a GET is refused (SECURITY.md).
        headers: { ...ada.api.headers, 'apollo-require-preflight': 'yes', ...(init.headers as object) },
      }),
  })
  const bad = audited.filter(({ status }) => status !== 'ok')
  expect(audited.length).toBeGreaterThan(50)
  expect(bad.map(({ id, name, status }) => `${status} ${id} ${name}`)).toEqual([])
})

describe('nodes', () => {
  const QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }'

  it('brings objects in the order of their ids, and null for what is not there or not the viewer’s', async () => {
    const { cohortId } = await insertCohort(server.database, ada)
    const { versionId } = await insertVersion(server.database, ada)
    const others = await insertCohort(server.database, bob)
    const ids = [versionId, others.cohortId, cohortId, newId('Run'), 'nonsense']
    expect((await ada.api.ask(QUERY, { ids })).nodes).toEqual([
      { id: versionId, __typename: 'DatasetVersion' },
      null,
      { id: cohortId, __typename: 'Cohort' },
      null,
      null,
    ])
  })

  it('takes at most 100, and costs as much as it may bring', async () => {
    const ids = Array.from({ length: 101 }, () => newId('Run'))
    expect((await ada.api.send(QUERY, { ids })).errors?.[0]).toMatchObject({
      message: 'ids has at most 100.',
      extensions: { code: 'LIMIT_EXCEEDED' },
    })
    const dear =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Team { runs(first: 100) { nodes { id number } } } } }'
    expect((await ada.api.send(dear, { ids: [] })).errors?.[0]?.message).toMatch(/could bring 30,\d+ things/)
  })
})

describe('an error has the same code by HTTP and by WebSocket', () => {
  it.each([
    ['what is no GraphQL', '{ viewer {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of another type',
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: [1] },
      'BAD_USER_INPUT',
    ],
    ['a variable that is missing', 'query ($id: ID!) { node(id: $id) { id } }', {}, 'BAD_USER_INPUT'],
    [
      'two operations',
      'query A { viewer { user { id } } } query B { __typename }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'too many ids',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: Array(101).fill('x') },
      'LIMIT_EXCEEDED',
    ],
    [
      'too much at once',
      '{ team(slug: "x") { runs(first: 100) { nodes { team { runs(first: 100) { nodes { id } } } } } } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s', async (_, query, variables, code) => {
    const byHttp = await ada.api.send(query, variables)
    expect(byHttp.errors?.[0]?.extensions?.code).toBe(code)
    expect(await codeBySocket(query, variables)).toBe(code)
  })
})

async function codeBySocket(query: string, variables: Record<string, unknown>): Promise<unknown> {
  type Failures = { extensions?: { code?: string } }[]
  try {
    for await (const { errors } of ada.api.listen(query, variables)) return errors?.[0]?.extensions?.code
  } catch (refusal) {
    return (refusal as Failures)[0]?.extensions?.code
  }
  return undefined
}
