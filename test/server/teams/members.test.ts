import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import type { Role } from '../../../prisma/client.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.signUp('Ada')
})

/** A new person in Ada's team. */
async function join(role: Role): Promise<Person & { memberId: string }> {
  const person = await server.signUp(role)
  const id = newId('Member')
  await server.database.member.create({ data: { id, teamId: ada.teamId, userId: person.userId, role } })
  return { ...person, memberId: id }
}
const roleOf = async ({ userId }: Person) =>
  (await server.database.member.findFirst({ where: { teamId: ada.teamId, userId } }))?.role
const idOf = async ({ userId }: Person) =>
  (await server.database.member.findFirstOrThrow({ where: { teamId: ada.teamId, userId } })).id
const code = (answer: { errors: { code: string }[] }) => answer.errors[0]?.code

describe('a role', () => {
  it('is given and taken up to one’s own, and never above it', async () => {
    const [admin, member] = [await join('ADMIN'), await join('MEMBER')]
    const change = (who: Person, memberId: string, role: Role) =>
      who.api.mutate('changeMemberRole', { memberId, role }, 'member { role }')
    expect(await change(admin, member.memberId, 'ADMIN')).toEqual({ errors: [], member: { role: 'ADMIN' } })
    expect(code(await change(admin, member.memberId, 'OWNER'))).toBe('FORBIDDEN')
    expect(code(await change(admin, await idOf(ada), 'MEMBER'))).toBe('FORBIDDEN')
    expect(code(await change(await join('MEMBER'), member.memberId, 'VIEWER'))).toBe('FORBIDDEN')
    expect((await change(ada, member.memberId, 'OWNER')).errors).toEqual([])
    expect(await roleOf(member)).toBe('OWNER')
  })

  it('of the only owner stays, by every way out', async () => {
    const memberId = await idOf(ada)
    const { teamId } = ada
    expect(code(await ada.api.mutate('changeMemberRole', { memberId, role: 'ADMIN' }))).toBe('CONFLICT')
    expect(code(await ada.api.mutate('removeMember', { memberId }))).toBe('CONFLICT')
    expect(code(await ada.api.mutate('leaveTeam', { teamId }))).toBe('CONFLICT')
    expect(await roleOf(ada)).toBe('OWNER')
  })

  it('of two owners who leave at once one stays: in the use case, and in the database by itself', async () => {
    const other = await join('OWNER')
    const { teamId } = ada
    const left = await Promise.all([ada, other].map(({ api }) => api.mutate('leaveTeam', { teamId })))
    expect(left.map(code).toSorted()).toEqual(['CONFLICT', undefined])

    const { database } = server
    const [a, b] = [await server.signUp(), await server.signUp()]
    const twice = { teamId: a.teamId, userId: b.userId, role: 'OWNER' as const }
    await database.member.create({ data: { id: newId('Member'), ...twice } })
    const remove = (userId: string) => database.member.deleteMany({ where: { teamId: a.teamId, userId } })
    const ended = await Promise.allSettled([remove(a.userId), remove(b.userId)])
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await database.member.count({ where: { teamId: a.teamId, role: 'OWNER' } })).toBe(1)
  })

  it('of owner is handed over, and by two who call at once to one of them', async () => {
    const [first, second] = [await join('MEMBER'), await join('VIEWER')]
    const to = ({ memberId }: { memberId: string }) =>
      ada.api.mutate('handOverTeam', { memberId }, 'team { viewerRole }')
    const answers = await Promise.all([to(first), to(second)])
    expect(answers.map(code).toSorted()).toEqual(['FORBIDDEN', undefined])
    expect(await roleOf(ada)).toBe('ADMIN')
    expect([await roleOf(first), await roleOf(second)].filter((role) => role === 'OWNER')).toHaveLength(1)
  })
})

describe('whoever is removed or leaves', () => {
  it('row 37: loses the stream within 5 s, and key, links and invitations at once, also once they are back', async () => {
    const admin = await join('ADMIN')
    const { runId, modelId } = await insertFinishedRun(server.database, server.storage, ada)
    const input = { teamId: ada.teamId, name: 'k' }
    const { secret } = await admin.api.mutate('createApiKey', input, 'secret')
    const key = new Api(server.url, { authorization: `Bearer ${secret}` })
    const { download } = await admin.api.mutate('createDownload', { id: modelId }, 'download { url }')
    const { url } = await admin.api.mutate('createInvitation', { teamId: ada.teamId, role: 'VIEWER' }, 'url')
    const stream = admin.api.listen(
      'subscription ($id: ID!) { teamChanged(teamId: $id) { name viewerRole } }',
      {
        id: ada.teamId,
      },
    )
    const first = stream.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await ada.api.mutate('renameTeam', { teamId: ada.teamId, name: 'Renamed' })
    expect((await first).value?.data).toEqual({ teamChanged: { name: 'Renamed', viewerRole: 'ADMIN' } })

    const removedAt = Date.now()
    const end = stream.next().then(
      ({ value }) => value?.errors,
      (errors) => errors,
    )
    expect((await ada.api.mutate('removeMember', { memberId: admin.memberId }, 'deletedId')).errors).toEqual(
      [],
    )
    expect((await fetch(server.at(download.url))).status).toBe(403)
    expect((await key.send('{ viewer { user { id } } }')).status).toBe(401)
    const query = 'query ($id: ID!) { node(id: $id) { id } }'
    expect(await admin.api.ask(query, { id: runId })).toEqual({ node: null })
    expect((await end)?.[0]?.extensions?.code).toBe('NOT_FOUND')
    expect(Date.now() - removedAt).toBeLessThan(5_000)

    await server.database.member.create({
      data: { id: newId('Member'), teamId: ada.teamId, userId: admin.userId, role: 'ADMIN' },
    })
    expect((await key.send('{ viewer { user { id } } }')).status).toBe(401)
    const token = String(url).split('#')[1]
    expect(code(await (await server.signUp()).api.mutate('acceptInvitation', { token }))).toBe('NOT_FOUND')
  })

  it('may leave as a VIEWER, and not by a key', async () => {
    const viewer = await join('VIEWER')
    const { teamId } = ada
    const { secret } = await ada.api.mutate('createApiKey', { teamId, name: 'k' }, 'secret')
    const key = new Api(server.url, { authorization: `Bearer ${secret}` })
    expect(code(await key.mutate('leaveTeam', { teamId }))).toBe('FORBIDDEN')
    expect((await viewer.api.mutate('leaveTeam', { teamId }, 'deletedId')).deletedId).toBe(viewer.memberId)
    expect(code(await viewer.api.mutate('leaveTeam', { teamId }))).toBe('NOT_FOUND')
  })
})
