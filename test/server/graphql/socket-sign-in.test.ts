import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

describe('a WebSocket', () => {
  const closeCode = (headers: Record<string, string>, params?: Record<string, unknown>) =>
    new Promise<number | string>((resolve) => {
      const client = new Api(server.url).socket(headers, params)
      const done = (outcome: number | string) => {
        resolve(outcome)
        void client.dispose()
      }
      client.subscribe(
        { query: '{ viewer { user { id } } }' },
        {
          next: ({ data }) => done(data?.viewer ? 'answered' : 'nobody'),
          error: (error) => done((error as { code?: number }).code ?? 'refused'),
          complete: () => {},
        },
      )
    })

  it('takes the cookie of its upgrade from our own pages and from scripts', async () => {
    expect(await closeCode(ada.api.headers)).toBe('answered')
    expect(await closeCode({ ...ada.api.headers, origin: server.config.publicOrigin })).toBe('answered')
  })

  it('is refused to a foreign page', async () => {
    expect(await closeCode({ ...ada.api.headers, origin: 'https://evil.example' })).toBe('refused')
  })

  it('takes a key as a parameter of the connection', async () => {
    const { secret } = await ada.api.mutate('createApiKey', { teamId: ada.teamId, name: 'k' }, 'secret')
    expect(await closeCode({}, { authorization: `Bearer ${secret}` })).toBe('answered')
  })

  it('is closed with 4401 without a sign-in, or with a wrong key', async () => {
    expect(await closeCode({})).toBe(4401)
    expect(await closeCode(ada.api.headers, { authorization: 'Bearer sh_wrong' })).toBe(4401)
  })

  it('is closed once its key is revoked', { timeout: 15_000 }, async () => {
    const { secret, apiKey } = await ada.api.mutate(
      'createApiKey',
      { teamId: ada.teamId, name: 'k' },
      'secret apiKey { id }',
    )
    const client = new Api(server.url).socket({}, { authorization: `Bearer ${secret}` })
    const closed = new Promise<number>((resolve) =>
      client.on('closed', (event) => resolve((event as { code: number }).code)),
    )
    const events = client.iterate({
      query: 'subscription ($teamId: ID!) { teamRuns(teamId: $teamId) { id } }',
      variables: { teamId: ada.teamId },
    })
    void events.next().catch(() => {})
    await new Promise((resolve) => client.on('connected', resolve))
    await ada.api.mutate('revokeApiKey', { apiKeyId: apiKey.id })
    expect(await closed).toBe(4401)
  })
})
