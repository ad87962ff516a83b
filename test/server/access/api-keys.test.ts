import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const bearer = (secret: string) => new Api(server.url, { authorization: `Bearer ${secret}` })

async function makeKey(person = ada, more: object = {}): Promise<{ id: string; secret: string }> {
  const input = { teamId: person.teamId, name: 'script', ...more }
  const { apiKey, secret } = await person.api.mutate('createApiKey', input, 'secret apiKey { id }')
  return { id: apiKey.id, secret }
}

describe('an API key', () => {
  it('acts in its team, and viewer.teams is just that one, as a MEMBER', async () => {
    await ada.api.mutate('createTeam', { name: 'Another team' })
    const { secret } = await makeKey()
    const { viewer } = await bearer(secret).ask('{ viewer { user { email } teams { id viewerRole } } }')
    expect(viewer).toEqual({
      user: { email: ada.account.email },
      teams: [{ id: ada.teamId, viewerRole: 'MEMBER' }],
    })
  })

  it('sees nothing of its maker’s other teams', async () => {
    const { team } = await ada.api.mutate('createTeam', { name: 'Third team' }, 'team { id }')
    const { secret } = await makeKey()
    const key = bearer(secret)
    expect(await key.ask('query ($id: ID!) { node(id: $id) { id } }', { id: team.id })).toEqual({
      node: null,
    })
    const { errors } = await key.mutate('createUpload', { teamId: team.id, fileName: 'a', byteLength: 1 })
    expect(errors[0].code).toBe('NOT_FOUND')
  })

  it('row 39: is kept as its SHA-256 only', async () => {
    const { id, secret } = await makeKey()
    expect(secret).toMatch(/^sh_[0-9a-f]{48}$/)
    const row = await server.database.apiKey.findUniqueOrThrow({ where: { id } })
    expect(row.hash).toBe(createHash('sha256').update(secret).digest('hex'))
    expect(JSON.stringify(row)).not.toContain(secret)
    expect(secret.startsWith(row.prefix)).toBe(true)
  })

  it('makes and ends no keys and no teams', async () => {
    const { id, secret } = await makeKey()
    const key = bearer(secret)
    const made = await key.mutate('createApiKey', { teamId: ada.teamId, name: 'more' })
    const ended = await key.mutate('revokeApiKey', { apiKeyId: id })
    const team = await key.mutate('createTeam', { name: 'more' })
    expect([made, ended, team].map(({ errors }) => errors[0].code)).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
    ])
    expect((await key.ask('{ viewer { teams { apiKeys { id } } } }')).viewer.teams).toEqual([{ apiKeys: [] }])
  })

  it('sends and asks after uploads only with the scope UPLOAD, and the refusal names it', async () => {
    const input = { teamId: ada.teamId, fileName: 'a.zip', byteLength: 3 }
    const { upload } = await ada.api.mutate('createUpload', input, 'upload { url }')
    const send = async (scopes: string[], method: string) => {
      const { secret } = await makeKey(ada, { scopes })
      return fetch(server.at(upload.url), {
        method,
        headers: {
          authorization: `Bearer ${secret}`,
          'tus-resumable': '1.0.0',
          ...(method === 'PATCH' && {
            'upload-offset': '0',
            'content-type': 'application/offset+octet-stream',
          }),
        },
        ...(method === 'PATCH' && { body: 'abc' }),
      })
    }
    const refused = await send(['RUN', 'ADMIN'], 'PATCH')
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining(
        'lacks the scope UPLOAD, which /uploads takes; it has READ, RUN, ADMIN',
      ),
    })
    expect((await send(['READ'], 'HEAD')).status).toBe(403)
    expect((await send(['UPLOAD'], 'PATCH')).status).toBe(204)
    expect((await send(['UPLOAD'], 'HEAD')).headers.get('upload-offset')).toBe('3')
  })

  it('has READ among its scopes, the usual ones where none are given, and its maker beside it', async () => {
    const made = [
      await makeKey(),
      await makeKey(ada, { scopes: [] }),
      await makeKey(ada, { scopes: ['ADMIN'] }),
    ]
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ApiKey { scopes createdBy { name } } } }'
    const { nodes } = await ada.api.ask(query, { ids: made.map(({ id }) => id) })
    expect(nodes).toEqual(
      [['READ', 'RUN', 'UPLOAD'], ['READ'], ['READ', 'ADMIN']].map((scopes) => ({
        scopes,
        createdBy: { name: 'Ada' },
      })),
    )
  })

  it('with ADMIN does what an admin does, gives no role above that, and makes no key', async () => {
    const { secret } = await makeKey(ada, { scopes: ['ADMIN'] })
    const key = bearer(secret)
    expect((await key.ask('{ viewer { teams { viewerRole } } }')).viewer.teams).toEqual([
      { viewerRole: 'ADMIN' },
    ])
    const invite = (role: string) => key.mutate('createInvitation', { teamId: ada.teamId, role }, 'url')
    expect((await invite('ADMIN')).errors).toEqual([])
    expect((await invite('OWNER')).errors[0].code).toBe('FORBIDDEN')
    const { errors } = await key.mutate('createApiKey', { teamId: ada.teamId, name: 'more' })
    expect(errors[0].code).toBe('FORBIDDEN')
  })

  it('notes from where it is used, over HTTP and over WebSocket, whatever its user says of that', async () => {
    const { id, secret } = await makeKey()
    const addressOf = async () =>
      (await server.database.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAddress
    const headers = { authorization: `Bearer ${secret}`, 'x-forwarded-for': '192.0.2.1' }
    await new Api(server.url, headers).ask('{ viewer { user { id } } }')
    expect(await addressOf()).toBe('127.0.0.1')
    await server.database.apiKey.update({ where: { id }, data: { lastUsedAt: null, lastUsedAddress: null } })
    for await (const _ of new Api(server.url, headers).listen('{ viewer { user { id } } }')) break
    expect(await addressOf()).toBe('127.0.0.1')
  })

  it('notes its use at most once a minute', async () => {
    const { id, secret } = await makeKey()
    const noted = async () => {
      await bearer(secret).ask('{ viewer { user { id } } }')
      return (await server.database.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt!
    }
    const first = await noted()
    expect(await noted()).toEqual(first)
    await server.database.apiKey.update({
      where: { id },
      data: { lastUsedAt: new Date(first.getTime() - 61_000) },
    })
    expect((await noted()).getTime()).toBeGreaterThan(first.getTime())
  })

  it.each([
    ['revoked', (id: string) => ada.api.mutate('revokeApiKey', { apiKeyId: id })],
    [
      'expired',
      (id: string) =>
        server.database.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } }),
    ],
  ])('row 38: is answered 401 once %s', async (_, end) => {
    const { id, secret } = await makeKey()
    await end(id)
    const { status, errors } = await bearer(secret).send('{ viewer { user { id } } }')
    expect([status, errors?.[0]?.extensions?.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('ends with its maker’s membership', async () => {
    const eve = await server.signUp('Eve')
    const { secret } = await makeKey(eve)
    const { teamId } = eve
    // A team always has an owner.
    const { userId } = await server.signUp('Other')
    await server.database.member.create({ data: { id: newId('Member'), teamId, userId, role: 'OWNER' } })
    await server.database.member.deleteMany({ where: { userId: eve.userId } })
    expect((await bearer(secret).send('{ viewer { user { id } } }')).status).toBe(401)
  })

  it('row 39: that never was is answered 401, and not taken from the URL', async () => {
    const { secret } = await makeKey()
    expect((await bearer('sh_nonsense').send('{ viewer { user { id } } }')).status).toBe(401)
    const response = await fetch(`${server.url}/graphql?authorization=Bearer%20${secret}&api_key=${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { user { id } } }' }),
    })
    expect(await response.json()).toEqual({ data: { viewer: null } })
  })
})

describe('making a key', () => {
  it('row 40: takes a session: nobody makes one for somebody else', async () => {
    const input = { teamId: ada.teamId, name: 'k' }
    const nobody = await new Api(server.url).mutate('createApiKey', input)
    expect(nobody.errors[0].code).toBe('UNAUTHENTICATED')
    const stranger = await (await server.signUp('Mallory')).api.mutate('createApiKey', input)
    expect(stranger.errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['teamId'] })
  })

  it('takes an ADMIN', async () => {
    const bob = await server.signUp('Bob')
    await server.database.member.create({
      data: { id: 'mem_bob', teamId: ada.teamId, userId: bob.userId, role: 'MEMBER' },
    })
    const { errors } = await bob.api.mutate('createApiKey', { teamId: ada.teamId, name: 'k' })
    expect(errors[0].code).toBe('FORBIDDEN')
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
    [{ expiresInDays: 0 }, 'expiresInDays'],
    [{ expiresInDays: 4000 }, 'expiresInDays'],
  ])('refuses %o by name', async (wrong, field) => {
    const { errors } = await ada.api.mutate('createApiKey', { teamId: ada.teamId, name: 'k', ...wrong })
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: [field] })
  })
})
