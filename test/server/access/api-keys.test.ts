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

  it('is kept as its SHA-256 only', async () => {
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
  ])('is answered 401 once %s', async (_, end) => {
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

  it('that never was is answered 401, and not taken from the URL', async () => {
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
  it('takes a session: nobody makes one for somebody else', async () => {
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
