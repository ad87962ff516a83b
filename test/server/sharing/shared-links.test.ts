import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { makeLinkToken } from '../../../server/access/link-tokens.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertShareable, isOpen, open, share } from './sharing.ts'

let server: TestServer
let ada: Person
let made: Awaited<ReturnType<typeof insertShareable>>
beforeAll(async () => {
  server = await startTestServer()
  await server.signUp('Administrator')
  ada = await server.signUp('Ada')
  made = await insertShareable(server, ada)
})
afterAll(() => server.stop())

async function join(role: 'VIEWER' | 'MEMBER' | 'ADMIN', teamId = ada.teamId) {
  const person = await server.signUp(role)
  const member = { id: newId('Member'), teamId, userId: person.userId, role }
  await server.database.member.create({ data: member })
  return { ...person, memberId: member.id }
}
type Joined = Awaited<ReturnType<typeof join>>
const listed = async (who: Person, of?: string) => {
  const query =
    'query ($id: ID!, $of: ID) { node(id: $id) { ... on Team { shareLinks(of: $of) { id seenCount lastSeenAt hasPassword createdBy { name } subject { __typename } } } } }'
  return (await who.api.ask(query, { id: ada.teamId, of })).node.shareLinks
}

describe('a shared link', () => {
  it('opens without a session what it was made for, and is stored as a hash alone', async () => {
    const answer = await ada.api.mutate('createShareLink', { subjectId: made.runId }, 'url')
    expect(answer.url).toMatch(/^http:\/\/localhost:3000\/shared\/[\w-]{43}$/)
    const token = answer.url.split('/').at(-1)
    const { shared } = (await open(server, token)).data
    expect(shared).toMatchObject({ asksPassword: false, experiment: null, model: null })
    expect(shared.run).toMatchObject({
      title: made.cohortId,
      status: 'SUCCEEDED',
      dataset: { name: made.datasetId, classes: 2, splits: [{ name: 'train', count: 300 }, { count: 40 }] },
      cohort: { teaching: { method: 'MUTUAL' }, students: [{ name: 'ada' }, { name: 'grace' }] },
      evaluation: { meanPosteriorTop1: 0.95 },
    })
    expect(JSON.stringify(await server.database.shareLink.findMany())).not.toContain(token)
  })

  it('row 67: is null for every guess, in any form', async () => {
    const { token } = await share(ada, made.runId)
    const near = token.slice(0, -1) + (token.endsWith('A') ? 'E' : 'A')
    const guesses = [
      makeLinkToken().token,
      near,
      token.toLowerCase(),
      '',
      'x',
      `${token} `,
      "' OR ''='",
      made.runId,
    ]
    for (const guess of guesses)
      expect([guess, (await open(server, guess)).data]).toEqual([guess, { shared: null }])
    expect(await isOpen(server, token)).toBe(true)
  })

  it('row 67: ends at once when it is revoked, and by itself when it expires', async () => {
    const revoked = await share(ada, made.runId, { expiresInDays: 2 })
    expect(await isOpen(server, revoked.token)).toBe(true)
    expect((await ada.api.mutate('revokeShareLink', { shareLinkId: revoked.id })).errors).toEqual([])
    expect(await isOpen(server, revoked.token)).toBe(false)
    const expired = await share(ada, made.runId, { expiresInDays: 1 })
    await server.database.shareLink.update({ where: { id: expired.id }, data: { expiresAt: new Date() } })
    expect(await isOpen(server, expired.token)).toBe(false)
    const ids = (await listed(ada)).map(({ id }: { id: string }) => id)
    expect(ids).not.toContain(revoked.id)
    expect(ids).not.toContain(expired.id)
  })

  it('row 67: shows nothing while its run is archived, and nothing once it is deleted', async () => {
    const other = await insertShareable(server, ada)
    await server.database.experiment.delete({ where: { id: other.experimentId } })
    const links = [
      await share(ada, other.runId),
      await share(ada, other.modelId),
      await share(ada, other.ensembleId),
    ]
    const opened = () => Promise.all(links.map(({ token }) => isOpen(server, token)))
    expect(await opened()).toEqual([true, true, true])
    await ada.api.mutate('archiveRuns', { runIds: [other.runId] })
    expect(await opened()).toEqual([false, false, false])
    const again = await ada.api.mutate('createShareLink', { subjectId: other.runId })
    expect(again.errors[0]).toMatchObject({ code: 'CONFLICT', path: ['subjectId'] })
    await ada.api.mutate('archiveRuns', { runIds: [other.runId], archived: false })
    expect(await opened()).toEqual([true, true, true])
    await server.database.run.delete({ where: { id: other.runId } })
    expect(await opened()).toEqual([false, false, false])
  })

  it('row 67: ends with its maker’s membership, and with their right to share', async () => {
    const member = await join('MEMBER')
    const { token } = await share(member, made.runId)
    expect(await isOpen(server, token)).toBe(true)
    await ada.api.mutate('changeMemberRole', { memberId: member.memberId, role: 'VIEWER' })
    expect(await isOpen(server, token)).toBe(false)
    expect(JSON.stringify(await listed(ada))).not.toContain('MEMBER')
    await ada.api.mutate('removeMember', { memberId: member.memberId })
    expect(await isOpen(server, token)).toBe(false)
  })

  it.each([
    ['changeMemberRole', 'ada', ({ memberId }: Joined) => ({ memberId, role: 'VIEWER' })],
    ['removeMember', 'ada', ({ memberId }: Joined) => ({ memberId })],
    ['leaveTeam', 'maker', () => ({ teamId: ada.teamId })],
    ['deleteAccount', 'maker', ({ account: { password } }: Joined) => ({ password })],
  ])('row 67: does not open again when its maker comes back after %s', async (mutation, by, inputOf) => {
    const member = await join('MEMBER')
    const { token, id } = await share(member, made.runId)
    const { api } = by === 'ada' ? ada : member
    expect((await api.mutate(mutation, inputOf(member))).errors).toEqual([])
    const back = { teamId: ada.teamId, userId: member.userId }
    await server.database.member.upsert({
      where: { teamId_userId: back },
      create: { id: newId('Member'), ...back, role: 'MEMBER' },
      update: { role: 'MEMBER' },
    })
    expect(await isOpen(server, token)).toBe(false)
    const where = { id, revokedAt: { not: null } }
    expect(await server.database.shareLink.count({ where })).toBe(1)
  })

  it('row 67: shows nothing from when its team is to be deleted', async () => {
    const grace = await server.signUp('Grace')
    const hers = await insertShareable(server, grace)
    const { token } = await share(grace, hers.runId)
    const where = { where: { id: grace.teamId } }
    await server.database.team.update({ ...where, data: { deletionDueAt: new Date(Date.now() + 60_000) } })
    expect(await isOpen(server, token)).toBe(false)
    await server.database.team.update({ ...where, data: { deletionDueAt: null } })
    expect(await isOpen(server, token)).toBe(true)
  })
})

describe('the password of a shared link', () => {
  const password = 'lantern orbit pickle'

  it('is asked for before anything is told, and is stored as accounts’ are', async () => {
    const { token, id } = await share(ada, made.runId, { password, expiresInDays: 3 })
    const locked = { asksPassword: true, expiresAt: null, run: null, experiment: null, model: null }
    expect((await open(server, token)).data.shared).toEqual(locked)
    const wrong = await open(server, token, 'lantern orbit')
    expect(wrong).toMatchObject({
      data: { shared: null },
      errors: [{ extensions: { code: 'INVALID_INPUT' } }],
    })
    const { shared } = (await open(server, token, password)).data
    expect(shared).toMatchObject({ asksPassword: false, run: { status: 'SUCCEEDED' } })
    const { passwordHash } = await server.database.shareLink.findUniqueOrThrow({ where: { id } })
    expect(passwordHash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    const preview = await new Api(server.url).ask(`{ sharedPreview(token: "${token}") { title } }`)
    expect(preview).toEqual({ sharedPreview: null })
  })

  it('row 67: cannot be tried more than ten times in ten minutes, by which nobody who knew it is shut out', async () => {
    const { token } = await share(ada, made.runId, { password })
    expect((await open(server, token, password)).data.shared.asksPassword).toBe(false)
    const codes = []
    for (let n = 0; n < 11; n++)
      codes.push((await open(server, token, `guess number ${n}`)).errors?.[0]?.extensions?.code)
    expect(codes).toEqual([...Array(10).fill('INVALID_INPUT'), 'LIMIT_EXCEEDED'])
    expect((await open(server, token, password)).data.shared.run.status).toBe('SUCCEEDED')
  })

  it.each([
    [{ password: 'short' }, 'password'],
    [{ password: 'password12' }, 'password'],
    [{ expiresInDays: 366 }, 'expiresInDays'],
    [{ expiresInDays: 0 }, 'expiresInDays'],
    [{ withFiles: true }, 'withFiles'],
  ])('and the rest of its input: %j is refused', async (input, path) => {
    const { errors } = await ada.api.mutate('createShareLink', { subjectId: made.runId, ...input })
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: [path] })
  })
})

describe('who shares', () => {
  it('members and above, people alone; admins see all links, members those of a thing', async () => {
    const [viewer, member, admin] = [await join('VIEWER'), await join('MEMBER'), await join('ADMIN')]
    const ask = (who: Person) => who.api.mutate('createShareLink', { subjectId: made.modelId })
    expect((await ask(viewer)).errors[0].code).toBe('FORBIDDEN')
    expect((await ask(await server.signUp('Stranger'))).errors[0].code).toBe('NOT_FOUND')
    const { id } = await share(member, made.modelId, { password: 'lantern orbit pickle' })
    const row = { id, seenCount: 0, lastSeenAt: null, hasPassword: true, subject: { __typename: 'Model' } }
    expect(await listed(member, made.modelId)).toEqual([{ ...row, createdBy: { name: 'MEMBER' } }])
    expect(await listed(member)).toEqual([])
    expect(await listed(viewer, made.modelId)).toEqual([])
    expect((await listed(admin)).map((link: { id: string }) => link.id)).toContain(id)
    expect((await admin.api.mutate('revokeShareLink', { shareLinkId: id })).errors).toEqual([])
    expect(await listed(member, made.modelId)).toEqual([])
  })

  it('row 61: twenty links at once in a team that has 190 are ten', async () => {
    const grace = await server.signUp('Grace')
    const hers = await insertShareable(server, grace)
    const { teamId, userId: createdById } = grace
    await server.database.shareLink.createMany({
      data: Array.from({ length: 190 }, () => {
        const own = { id: newId('ShareLink'), hash: makeLinkToken().hash }
        return { ...own, teamId, createdById, runId: hers.runId }
      }),
    })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => grace.api.mutate('createShareLink', { subjectId: hers.runId })),
    )
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(10)
    expect(answers.flatMap(({ errors }) => errors)[0].code).toBe('LIMIT_EXCEEDED')
  })

  it('a visit counts once, however often the page asks, and a preview does not', async () => {
    const { token, id } = await share(ada, made.runId)
    await new Api(server.url).ask(`{ sharedPreview(token: "${token}") { title } }`)
    expect(await server.database.shareLink.findUnique({ where: { id } })).toMatchObject({
      seenCount: 0,
      lastSeenAt: null,
    })
    for (let n = 0; n < 3; n++) await open(server, token)
    const seen = await server.database.shareLink.findUniqueOrThrow({ where: { id } })
    expect(seen).toMatchObject({ seenCount: 1, lastSeenAt: expect.any(Date) })
  })
})
