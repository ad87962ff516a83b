import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertFinishedRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.signUp()
})

/** So many at once; @returns how many there was room for, and how the others were refused */
async function atOnce(count: number, call: (n: number) => Promise<{ errors: { code: string }[] }>) {
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => call(n)))
  const refused = answers.flatMap(({ errors }) => errors.map(({ code }) => code))
  return { done: answers.filter(({ errors }) => errors.length === 0).length, refused: new Set(refused) }
}

describe('asked for at once, there are exactly as many as may be', () => {
  it('teams of a person', async () => {
    const { done, refused } = await atOnce(75, (n) => ada.api.mutate('createTeam', { name: `Team ${n}` }))
    // With the one that everybody lands in.
    expect([done, [...refused]]).toEqual([49, ['LIMIT_EXCEEDED']])
    expect(await server.database.member.count({ where: { userId: ada.userId } })).toBe(50)
  })

  it('keys of a team', async () => {
    const { teamId } = ada
    const { done, refused } = await atOnce(120, (n) =>
      ada.api.mutate('createApiKey', { teamId, name: `${n}` }),
    )
    expect([done, [...refused]]).toEqual([100, ['LIMIT_EXCEEDED']])
    expect(await server.database.apiKey.count({ where: { teamId } })).toBe(100)
  })

  it('aliases in a dataset', async () => {
    const { modelId } = await insertFinishedRun(server.database, server.storage, ada)
    const { done, refused } = await atOnce(75, (n) =>
      ada.api.mutate('setModelAlias', { id: modelId, name: `a${n}` }),
    )
    expect([done, [...refused]]).toEqual([50, ['LIMIT_EXCEEDED']])
    expect(await server.database.modelAlias.count({ where: { teamId: ada.teamId } })).toBe(50)
  })

  it('unfinished uploads of a team', async () => {
    const { teamId } = ada
    const { done, refused } = await atOnce(120, () =>
      ada.api.mutate('createUpload', { teamId, fileName: 'a.zip', byteLength: 1 }),
    )
    expect([done, [...refused]]).toEqual([100, ['LIMIT_EXCEEDED']])
    expect(await server.database.upload.count({ where: { teamId } })).toBe(100)
  })
})

describe('the address of a team', () => {
  it.each(['graphql', 'uploads', 'files', 'api', 'sign-in', 'sign-up', 'healthz', 'metrics'])(
    'is not %s, the product’s own',
    async (slug) => {
      const { team, errors } = await ada.api.mutate('createTeam', { name: 'Us', slug }, 'team { slug }')
      expect(team).toBeNull()
      expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['slug'] }])
    },
  )

  it('is another one where it would come from such a name', async () => {
    const { team } = await ada.api.mutate('createTeam', { name: 'GraphQL' }, 'team { slug }')
    expect(team.slug).toMatch(/^graphql-[0-9a-f]{8}$/)
    const { api } = await server.signUp('Metrics')
    const { viewer } = await api.ask('{ viewer { teams { slug } } }')
    expect(viewer.teams[0].slug).toMatch(/^metrics-[0-9a-f]{8}$/)
  })
})
