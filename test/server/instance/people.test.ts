import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../make-key.ts'
import { insertFinishedRun } from '../rows.ts'
import { isOpen, share } from '../sharing/sharing.ts'
import { Api, authenticate, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let administrator: Person
beforeAll(async () => {
  server = await startTestServer()
  administrator = await server.signUp('Administrator')
})
afterAll(() => server.stop())

const PERSON =
  'person { id name email isAdministrator suspendedAt lastSignInAt twoFactorEnabled signInMethods teams { name role } }'
const change = (by: Person, mutation: string, userId: string, more: object = {}) =>
  by.api.mutate(mutation, { userId, ...more }, PERSON)
const list = async (variables: object = {}, by = administrator.api) =>
  (
    await by.ask(
      `query ($first: Int, $after: String, $search: String) { instance { people(first: $first, after: $after, search: $search) {
        totalCount pageInfo { hasNextPage endCursor } nodes { id name } } } }`,
      variables,
    )
  ).instance?.people
const signIn = ({ account }: Person) =>
  authenticate(server.url, server.config.publicOrigin, 'sign-in/email', account)

describe('the people of the instance', () => {
  it('are told with how they sign in, when they last did, and their teams', async () => {
    const before = Date.now() - 1_000
    const ada = await server.signUp('Ada')
    const { person } = await change(administrator, 'reactivatePerson', ada.userId)
    expect(person).toMatchObject({
      ...{ id: ada.userId, name: 'Ada', email: ada.account.email, isAdministrator: false, suspendedAt: null },
      ...{ twoFactorEnabled: false, signInMethods: ['PASSWORD'] },
      teams: [{ name: 'Ada’s team', role: 'OWNER' }],
    })
    expect(Date.parse(person.lastSignInAt)).toBeGreaterThan(before)
  })

  it('are paged, the newest first, and found by name and address', async () => {
    const made = [await server.signUp('Zoe 100%'), await server.signUp('Zoe_2'), await server.signUp('zoe 3')]
    const first = await list({ first: 2, search: 'ZOE' })
    expect([first.totalCount, first.nodes.map(({ name }: Person['account']) => name)]).toEqual([
      3,
      ['zoe 3', 'Zoe_2'],
    ])
    const second = await list({ first: 2, after: first.pageInfo.endCursor, search: 'zoe' })
    expect([second.pageInfo.hasNextPage, second.nodes.map(({ id }: { id: string }) => id)]).toEqual([
      false,
      [made[0]!.userId],
    ])
    expect((await list({ search: '100%' })).totalCount).toBe(1)
    expect((await list({ search: 'e_2' })).totalCount).toBe(1)
    expect((await list({ search: made[1]!.account.email })).nodes).toHaveLength(1)
  })

  it('are paged as fast where there are ten thousand', async () => {
    await server.database.$executeRaw`
      INSERT INTO "User" (id, name, email, "updatedAt", "createdAt")
      SELECT 'many' || n, 'Many ' || n, 'many' || n || '@example.org', now(), now() - n * interval '1 minute'
      FROM generate_series(1, 10000) AS n`
    await server.database.$executeRaw`
      INSERT INTO "Account" (id, "accountId", "providerId", "userId", "updatedAt")
      SELECT 'many' || n, 'many' || n, 'credential', 'many' || n, now() FROM generate_series(1, 10000) AS n`
    const started = performance.now()
    const last = await list({ first: 100, search: 'many 9999' })
    expect(last.nodes).toHaveLength(1)
    const page = await list({ first: 100 })
    expect((await list({ first: 100, after: page.pageInfo.endCursor })).nodes).toHaveLength(100)
    expect(performance.now() - started).toBeLessThan(5_000)
    await server.database.user.deleteMany({ where: { id: { startsWith: 'many' } } })
  })

  it('are not there once they have deleted their account', async () => {
    const gone = await server.signUp('Gone soon')
    await gone.api.mutate('deleteAccount', { password: gone.account.password }, 'deletedId')
    expect((await list({ search: 'Deleted account' })).nodes).toEqual([])
    const { errors } = await change(administrator, 'setAdministrator', gone.userId, { isAdministrator: true })
    expect(errors[0].code).toBe('NOT_FOUND')
  })
})

describe('an administrator', () => {
  it('makes another one and unmakes them; the last one stays, whatever two do at once', async () => {
    const second = await server.signUp('Second')
    const alone = await change(administrator, 'setAdministrator', administrator.userId, {
      isAdministrator: false,
    })
    expect(alone.errors[0]).toMatchObject({ code: 'CONFLICT', message: /Nobody else administers/ })
    const made = await change(administrator, 'setAdministrator', second.userId, { isAdministrator: true })
    expect(made.person.isAdministrator).toBe(true)
    expect(await list({ first: 1 }, second.api)).toBeDefined()
    const both = await Promise.all([
      change(administrator, 'setAdministrator', second.userId, { isAdministrator: false }),
      change(second, 'setAdministrator', administrator.userId, { isAdministrator: false }),
    ])
    expect(both.flatMap(({ errors }) => errors)).toHaveLength(1)
    const left = { isAdministrator: true }
    expect(await server.database.user.count({ where: left })).toBe(1)
    await server.database.user.updateMany({ where: left, data: { isAdministrator: false } })
    const where = { id: administrator.userId }
    await server.database.user.update({ where, data: { isAdministrator: true } })
  })

  it('is who alone does and sees this', async () => {
    const ada = await server.signUp('Ada')
    expect(await list({}, ada.api)).toBeUndefined()
    for (const [mutation, more] of [
      ['setAdministrator', { isAdministrator: true }],
      ['suspendPerson', {}],
      ['reactivatePerson', {}],
    ] as const) {
      const { errors } = await change(ada, mutation, administrator.userId, more)
      expect(errors[0]?.code ?? errors).toMatch(/FORBIDDEN/)
    }
  })
})

describe('somebody who is suspended', () => {
  it('is out within 5 s: sessions, sockets, keys and invitations; and in again once reactivated', async () => {
    const ada = await server.signUp('Ada')
    const key = new Api(server.url, { authorization: `Bearer ${await makeKey(ada)}` })
    const { url } = await ada.api.mutate('createInvitation', { teamId: ada.teamId, role: 'VIEWER' }, 'url')
    const { runId } = await insertFinishedRun(server.database, server.storage, ada)
    const shared = await share(ada, runId)
    const account = { teamId: ada.teamId, name: 'nightly', role: 'MEMBER' }
    const { serviceAccount } = await ada.api.mutate('createServiceAccount', account, 'serviceAccount { id }')
    const made = { teamId: ada.teamId, name: 'nightly', serviceAccountId: serviceAccount.id }
    const { secret: seen } = await ada.api.mutate('createApiKey', made, 'secret')
    const closed = new Promise((resolve) => {
      const socket = ada.api.socket()
      socket.on('closed', (event) => resolve((event as { code: number }).code))
      socket.subscribe(
        {
          query: 'subscription ($teamId: ID!) { teamRuns(teamId: $teamId) { id } }',
          variables: { teamId: ada.teamId },
        },
        { next() {}, error() {}, complete() {} },
      )
    })
    const closedKey = new Promise((resolve) => {
      const socket = key.socket({}, { authorization: key.headers.authorization })
      socket.on('closed', (event) => resolve((event as { code: number }).code))
      socket.subscribe(
        {
          query: 'subscription ($teamId: ID!) { teamRuns(teamId: $teamId) { id } }',
          variables: { teamId: ada.teamId },
        },
        { next() {}, error() {}, complete() {} },
      )
    })
    await sleep(300)
    const { person } = await change(administrator, 'suspendPerson', ada.userId)
    expect(person.suspendedAt).not.toBeNull()
    const late = sleep(5_000, 'late', { ref: false })
    expect(await Promise.race([closed, late])).toBe(4401)
    expect(await Promise.race([closedKey, late])).toBe(4401)
    expect(await ada.api.ask('{ viewer { user { name } } }')).toEqual({ viewer: null })
    expect((await key.send('{ viewer { user { name } } }')).errors?.[0]?.extensions?.code).toBe(
      'UNAUTHENTICATED',
    )
    const token = String(url).split('#')[1]
    const preview = 'query ($token: String!) { invitation(token: $token) { teamName } }'
    expect(await administrator.api.ask(preview, { token })).toEqual({ invitation: null })
    expect(await isOpen(server, shared.token)).toBe(false)
    const known = new Api(server.url, { authorization: `Bearer ${seen}` })
    expect((await known.send('{ viewer { user { name } } }')).errors?.[0]?.extensions?.code).toBe(
      'UNAUTHENTICATED',
    )
    const refused = await signIn(ada)
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'ACCOUNT_SUSPENDED' }])

    await change(administrator, 'reactivatePerson', ada.userId)
    expect((await signIn(ada)).status).toBe(200)
    expect((await key.ask('{ viewer { user { name } } }')).viewer.user.name).toBe('Ada')
  })

  it('is neither the last administrator nor whoever asks', async () => {
    const { errors } = await change(administrator, 'suspendPerson', administrator.userId)
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', message: /Nobody suspends themselves/ })
    const second = await server.signUp('Second')
    await change(administrator, 'suspendPerson', second.userId)
    const made = await change(administrator, 'setAdministrator', second.userId, { isAdministrator: true })
    expect(made.errors[0].message).toBe('Second is suspended; reactivate them first.')
  })

  it('is in the audit log with who did it', async () => {
    const ada = await server.signUp('Ada')
    await change(administrator, 'suspendPerson', ada.userId)
    const where = { action: 'person.suspend', subjectId: ada.userId }
    expect(await server.database.auditEvent.findFirst({ where })).toMatchObject({
      actorId: administrator.userId,
    })
  })
})
