import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../../server/start-server.ts'
import { Api, authenticate, cookieOf, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const post = (route: string, body: object, origin = server.config.publicOrigin) =>
  authenticate(server.url, origin, route, body)

describe('signing up', () => {
  it('lands a new person in a team of their own, as its owner', async () => {
    const { api } = await server.signUp('Grace Hopper')
    const { viewer } = await api.ask(
      '{ viewer { user { name } teams { name slug viewerRole members { role } } } }',
    )
    expect(viewer).toEqual({
      user: { name: 'Grace Hopper' },
      teams: [
        {
          name: 'Grace Hopper’s team',
          slug: 'grace-hopper',
          viewerRole: 'OWNER',
          members: [{ role: 'OWNER' }],
        },
      ],
    })
  })

  it('gives people of one name different addresses', async () => {
    const slugOf = async (name: string) =>
      (await (await server.signUp(name)).api.ask('{ viewer { teams { slug } } }')).viewer.teams[0].slug
    expect(await slugOf('李')).toBe('team')
    expect(await slugOf('李')).toMatch(/^team-[0-9a-f]{8}$/)
  })

  it('refuses a short password', async () => {
    const response = await post('sign-up/email', { name: 'A', email: 'short@example.org', password: 'short' })
    expect(response.status).toBe(400)
  })
})

describe('a new password', () => {
  const email = (n: number) => `lovelace${n}@example.org`
  it.each([
    'aaaaaaaaaa',
    'password123',
    'Passw0rd!!',
    'qwertyuiop',
    '1234567890',
    'iloveyou2025',
    'studyhall1',
    'lovelace1815',
    'Ada Lovelace',
    'a'.repeat(128),
    'p4$$w0rd'.repeat(16),
  ])('is not %s, which is guessed', async (password) => {
    const started = performance.now()
    const refused = await post('sign-up/email', { name: 'Ada Lovelace', email: email(1), password })
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'PASSWORD_TOO_WEAK' }])
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it.each(['correct horse battery', 'q7#Lm2pXz9-vT', '9jf93jf9wjx0'])('may be %s', async (password) => {
    const name = 'Ada Lovelace'
    expect((await post('sign-up/email', { name, email: email(Math.random()), password })).status).toBe(200)
  })

  it('is not guessed either where it takes an old one’s place', async () => {
    const { account, api } = await server.signUp()
    const change = async (newPassword: string) =>
      fetch(`${server.url}/api/auth/change-password`, {
        method: 'POST',
        headers: {
          ...api.headers,
          'content-type': 'application/json',
          origin: server.config.publicOrigin,
        },
        body: JSON.stringify({ currentPassword: account.password, newPassword }),
      })
    expect((await change('1234567890')).status).toBe(400)
    expect((await change('four words apart entirely')).status).toBe(200)
  })
})

describe('signing in', () => {
  it('brings a session that the API takes', async () => {
    const { account } = await server.signUp()
    const response = await post('sign-in/email', account)
    expect(response.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax/)
    const { viewer } = await new Api(server.url, { cookie: cookieOf(response) }).ask(
      '{ viewer { user { email } } }',
    )
    expect(viewer.user.email).toBe(account.email)
  })

  it('answers a wrong password and an unknown address alike', async () => {
    const { account } = await server.signUp()
    const wrong = await post('sign-in/email', { ...account, password: 'wrong horse battery' })
    const unknown = await post('sign-in/email', { ...account, email: 'nobody@example.org' })
    expect(wrong.status).toBe(401)
    expect([unknown.status, await unknown.text()]).toEqual([401, await wrong.text()])
  })

  it('ends with signing out', async () => {
    const { api } = await server.signUp()
    const headers = { ...api.headers, origin: server.config.publicOrigin, 'content-type': 'application/json' }
    await fetch(`${server.url}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })
    expect(await api.ask('{ viewer { user { name } } }')).toEqual({ viewer: null })
  })

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    'goes by every name of this machine: %s',
    async (origin) => {
      const { account } = await server.signUp()
      const signedIn = await authenticate(server.url, origin, 'sign-in/email', account)
      expect(signedIn.status).toBe(200)
      const api = new Api(server.url, { cookie: cookieOf(signedIn), origin })
      for await (const { data } of api.socket().iterate({ query: '{ viewer { user { email } } }' })) {
        expect(data).toEqual({ viewer: { user: { email: account.email } } })
        break
      }
    },
  )

  it.each(['http://127.0.0.1:3001', 'https://127.0.0.1:3000', 'http://127.0.0.2:3000', 'null'])(
    'is refused where a page says to be at %s',
    async (origin) => {
      const { account, api } = await server.signUp()
      const headers = { ...api.headers, 'content-type': 'application/json', origin }
      const body = JSON.stringify(account)
      const refused = await fetch(`${server.url}/api/auth/sign-in/email`, { method: 'POST', headers, body })
      expect(refused.status).toBe(403)
    },
  )

  it('row 35: is refused from another site’s page', async () => {
    const { account, api } = await server.signUp()
    const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: 'https://evil.example',
        cookie: api.headers.cookie!,
      },
      body: JSON.stringify(account),
    })
    expect(response.status).toBe(403)
  })
})

describe('somebody who is not signed in', () => {
  it('sees the catalogues, and nothing of anybody', async () => {
    const data = await new Api(server.url).ask(
      '{ viewer { user { name } } team(slug: "team") { id } architectures { name } }',
    )
    expect(data.viewer).toBeNull()
    expect(data.team).toBeNull()
    expect(data.architectures.length).toBeGreaterThan(3)
  })

  it('may change nothing', async () => {
    const { team, errors } = await new Api(server.url).mutate('createTeam', { name: 'Us' }, 'team { id }')
    expect(team).toBeNull()
    expect(errors[0].code).toBe('UNAUTHENTICATED')
  })
})

describe('row 46: many attempts', () => {
  let strict: RunningServer
  beforeAll(async () => {
    strict = await startServer({
      ...server.config,
      authLimits: { attemptsPerMinute: 6, signUpsPerHour: 100 },
    })
  })
  afterAll(() => strict.close())

  it('are refused for one account first, then for the address', async () => {
    const attempt = async (email: string) => {
      const body = { email, password: 'wrong horse battery' }
      return (await authenticate(strict.url, server.config.publicOrigin, 'sign-in/email', body)).status
    }
    const oneAccount = [
      await attempt('a@example.org'),
      await attempt('A@example.org'),
      await attempt('a@example.org'),
    ]
    expect(oneAccount).toEqual([401, 401, 429])
    const others = [
      await attempt('b@example.org'),
      await attempt('c@example.org'),
      await attempt('d@example.org'),
    ]
    expect(others).toEqual([401, 401, 401])
    expect(await attempt('e@example.org')).toBe(429)
  })

  it('row 64: are counted for the address that an account shall get, whatever else a body names', async () => {
    const fresh = await startServer({
      ...server.config,
      authLimits: { attemptsPerMinute: 9, signUpsPerHour: 100 },
    })
    const ask = async (body: object) =>
      (await authenticate(fresh.url, server.config.publicOrigin, 'change-email', body)).status
    const newEmail = 'target@example.org'
    for (const body of [
      { newEmail },
      { newEmail, email: 'a@example.org' },
      { newEmail, email: 'b@example.org' },
    ])
      expect(await ask(body)).toBe(401)
    expect(await ask({ newEmail, email: 'c@example.org' })).toBe(429)
    expect(await ask({ newEmail: 'other@example.org' })).toBe(401)
    await fresh.close()
  })
})
