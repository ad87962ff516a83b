import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createSchema } from '../../../server/graphql/schema.ts'
import { Api, authenticate, type Person, startTestServer, type TestServer } from '../test-server.ts'

const schema = createSchema()
const HOSTILE: [string, string][] = [
  ['NUL', 'a\0b'],
  ['half of a surrogate pair', 'a\ud800b'],
  ['900,000 characters', 'a'.repeat(900_000)],
]

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

/** Every place of a text in an input, with an input that has `text` there and something right everywhere else. */
function placesIn(type: GraphQLInputType, text: string): { path: string[]; value: unknown }[] {
  if (isNonNullType(type)) return placesIn(type.ofType, text)
  if (isListType(type))
    return placesIn(type.ofType, text).map(({ path, value }) => ({ path: ['0', ...path], value: [value] }))
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const right = Object.fromEntries(
      fields.flatMap(({ name, type: of }) => (isNonNullType(of) ? [[name, rightValue(of)]] : [])),
    )
    return fields.flatMap((field) =>
      placesIn(field.type, text).map(({ path, value }) => ({
        path: [field.name, ...path],
        value: { ...right, [field.name]: value },
      })),
    )
  }
  if (type.name === 'JSON') return [{ path: ['key'], value: { key: text } }]
  return type.name === 'String' || type.name === 'ID' ? [{ path: [], value: text }] : []
}

function rightValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return rightValue(type.ofType)
  if (isListType(type)) return [rightValue(type.ofType)]
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields()).flatMap(({ name, type: of }) =>
        isNonNullType(of) ? [[name, rightValue(of)]] : [],
      ),
    )
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (type.name === 'Boolean') return true
  return ['Int', 'Float', 'Bytes'].includes(type.name) ? 1 : 'x'
}

const mutations = Object.values(schema.getMutationType()!.getFields()).flatMap((field) =>
  placesIn(field.args[0]!.type, 'x').map(({ path }) => ({
    name: field.name,
    path,
    type: field.args[0]!.type,
  })),
)

const fieldsWithArguments = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type))
  .filter((type) => !type.name.startsWith('__') && type !== schema.getMutationType())
  .flatMap((type) => Object.values(type.getFields()))
  .flatMap((field) => field.args.map((argument) => ({ field, argument })))

describe.each(HOSTILE)('row 58: a text with %s', (_, text) => {
  it.each(mutations.map(({ name, path, type }) => [`${name}.${path.join('.')}`, name, path, type] as const))(
    'is refused in %s, by its name',
    async (_, name, path, type) => {
      const input = placesIn(type, text).find((place) => place.path.join() === path.join())!.value
      const query = `mutation ($input: ${type}) { ${name}(input: $input) { errors { code path message } } }`
      const answer = await ada.api.send(query, { input })
      expect(answer.errors).toBeUndefined()
      expect(answer.data[name].errors).toMatchObject([{ code: 'INVALID_INPUT', path }])
      expect(answer.data[name].errors[0].message.length).toBeLessThan(500)
    },
  )

  it('is refused by every field that takes texts, before anything is asked of the database', () => {
    const places = fieldsWithArguments.flatMap(({ field, argument }) =>
      placesIn(argument.type, text).map(({ value }) => ({ field, args: { [argument.name]: value } })),
    )
    expect(places.length).toBeGreaterThan(15)
    for (const { field, args } of places) {
      const answer = field.subscribe ?? field.resolve
      expect(() => answer?.({}, args, {}, {} as never)).toThrow(/a text has/)
    }
  })

  it('is refused on both transports, in variables and in the words of the query', async () => {
    const written = JSON.stringify(text.slice(0, 20_000)).replace('\ud800', '\\ud800')
    const [variables, literal] = [
      'query ($slug: String!) { team(slug: $slug) { id } }',
      `{ team(slug: ${written}) { id } }`,
    ]
    for (const { errors } of [
      await ada.api.send(variables, { slug: text }),
      await ada.api.send(literal),
      await bySocket(variables, { slug: text }),
      await bySocket(literal),
    ])
      expect(errors?.[0]?.message).toMatch(/a text has|Invalid Unicode|^Syntax Error/)
    const { errors } = await bySocket('subscription ($id: ID!) { runEvents(runId: $id) { seq } }', {
      id: text,
    })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
  })

  it('is no name, e-mail address or password of an account', async () => {
    const right = { name: 'Ada', email: 'ada@example.org', password: 'four words apart entirely' }
    for (const field of ['name', 'email', 'password', 'image', 'callbackURL', 'whatever']) {
      const response = await post('sign-up/email', { ...right, [field]: text })
      expect([field, response.status]).toEqual([field, 400])
    }
    expect((await post('update-user', { name: text }, ada)).status).toBe(400)
    expect((await post('sign-in/email', { ...right, email: text })).status).toBe(400)
  })
})

async function bySocket(query: string, variables: Record<string, unknown> = {}) {
  const client = ada.api.socket()
  try {
    for await (const answer of client.iterate({ query, variables })) return answer
    return {}
  } catch (errors) {
    return { errors: errors as { message: string }[] }
  } finally {
    await client.dispose()
  }
}

function post(route: string, body: object, person?: Person): Promise<Response> {
  if (!person) return authenticate(server.url, server.config.publicOrigin, route, body)
  return fetch(`${server.url}/api/auth/${route}`, {
    method: 'POST',
    headers: {
      ...person.api.headers,
      'content-type': 'application/json',
      origin: server.config.publicOrigin,
    },
    body: JSON.stringify(body),
  })
}

describe('a name of a person', () => {
  it.each(['A'.repeat(81), 'Ada\u202eecalevoL', 'Ada\u200b', '\u200d', ' ', 'Ada\nLovelace'])(
    'is not %j',
    async (name) => {
      const email = `${Math.random()}@example.org`
      const refused = await post('sign-up/email', { name, email, password: 'four words apart entirely' })
      expect([refused.status, ((await refused.json()) as { message: string }).message]).toEqual([
        400,
        expect.stringMatching(/^Your name: a name has/),
      ])
      expect((await post('update-user', { name }, ada)).status).toBe(400)
    },
  )

  it.each([
    ['Ada  '.repeat(1), 'Ada'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['\ud83d\udc69\u200d\ud83d\udd2c', '\ud83d\udc69\u200d\ud83d\udd2c'],
    ['A'.repeat(80), 'A'.repeat(80)],
  ])('may be %j', async (name, kept) => {
    const { api } = await server.signUp(name)
    expect((await api.ask('{ viewer { user { name } } }')).viewer.user.name).toBe(kept)
  })
})

it.each([
  '/uploads/upl_%00',
  '/files/art_%00',
  '/pictures/%00/train/1',
  '/thumbnails/%00/mean',
  '/graphql?query=%00',
])('an address has no NUL: %s', async (path) =>
  expect((await fetch(`${server.url}${path}`, { headers: ada.api.headers })).status).toBe(400),
)

it('what a socket is opened with is no error of ours, whatever it is', async () => {
  for (const authorization of [
    'Bearer \0',
    'Bearer \ud800',
    'x'.repeat(500_000),
    7,
    { a: 1 },
    ['Bearer x'],
  ]) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const code = await new Promise<number>((resolve) => {
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })),
      )
      socket.on('close', resolve)
    })
    expect(code).toBe(4401)
  }
  expect(await new Api(server.url).ask('{ viewer { user { id } } }')).toEqual({ viewer: null })
})
