import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type MailServer, startMailServer } from '../mail/mail-server.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let mailServer: MailServer
let ada: Person
let grace: Person
beforeAll(async () => {
  mailServer = await startMailServer()
  server = await startTestServer({ mail: { url: mailServer.url, from: 'studyhall@example.org' } })
})
afterAll(async () => {
  await server.stop()
  await mailServer.stop()
})
beforeEach(async () => {
  ada = await server.signUp('Ada')
  grace = await server.signUp('Grace')
})

const PREVIEW =
  'query ($token: String!) { invitation(token: $token) { teamName role email invitedBy isMember } }'

async function invite(by: Person, input: object = {}, teamId = ada.teamId) {
  const answer = await by.api.mutate(
    'createInvitation',
    { teamId, role: 'MEMBER', ...input },
    'url invitation { id email uses maxUses }',
  )
  return { ...answer, token: String(answer.url).split('#')[1] }
}
const accept = (who: Person, token: string) =>
  who.api.mutate('acceptInvitation', { token }, 'team { id viewerRole }')
const listed = async (who: Person) =>
  (
    await who.api.ask('query ($id: ID!) { node(id: $id) { ... on Team { invitations { id uses } } } }', {
      id: ada.teamId,
    })
  ).node.invitations

describe('an invitation by link', () => {
  it('lets one person in, in its role, and is stored as a hash alone', async () => {
    const { token, url, invitation } = await invite(ada)
    expect(url).toMatch(/^http:\/\/localhost:3000\/join#[\w-]{43}$/)
    expect(await grace.api.ask(PREVIEW, { token })).toEqual({
      invitation: { teamName: 'Ada’s team', role: 'MEMBER', email: null, invitedBy: 'Ada', isMember: false },
    })
    expect(JSON.stringify(await server.database.invitation.findMany())).not.toContain(token)
    expect(await listed(ada)).toEqual([{ id: invitation.id, uses: 0 }])
    expect(await accept(grace, token)).toEqual({ errors: [], team: { id: ada.teamId, viewerRole: 'MEMBER' } })
    expect(await listed(ada)).toEqual([])
    const third = await server.signUp('Third')
    expect((await accept(third, token)).errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['token'] })
  })

  it('row 63: is used once by ten people at once, and three times where it is for three', async () => {
    const people: Person[] = []
    for (let n = 0; n < 10; n++) people.push(await server.signUp())
    for (const maxUses of [1, 3]) {
      const { token } = await invite(ada, { maxUses })
      const before = await server.database.member.count({ where: { teamId: ada.teamId } })
      await Promise.all(people.map((person) => accept(person, token)))
      expect(await server.database.member.count({ where: { teamId: ada.teamId } })).toBe(before + maxUses)
    }
  })

  it('row 63: by one person ten times at once makes one membership and is used once', async () => {
    const { token, invitation } = await invite(ada, { maxUses: 5 })
    await Promise.all(Array.from({ length: 10 }, () => accept(grace, token)))
    const { teamId } = ada
    expect(await server.database.member.count({ where: { teamId, userId: grace.userId } })).toBe(1)
    expect(await listed(ada)).toEqual([{ id: invitation.id, uses: 1 }])
  })

  it('row 63: is over once it is revoked, expired, or its maker may no longer invite', async () => {
    const revoked = await invite(ada)
    await ada.api.mutate('revokeInvitation', { invitationId: revoked.invitation.id })
    const expired = await invite(ada)
    await server.database.invitation.update({
      where: { id: expired.invitation.id },
      data: { expiresAt: new Date() },
    })
    const admin = await server.signUp('Admin')
    await accept(admin, (await invite(ada, { role: 'ADMIN' })).token)
    const byAdmin = await invite(admin, { role: 'ADMIN' })
    const { id: memberId } = await server.database.member.findFirstOrThrow({
      where: { teamId: ada.teamId, userId: admin.userId },
    })
    await ada.api.mutate('changeMemberRole', { memberId, role: 'MEMBER' })
    for (const { token } of [revoked, expired, byAdmin]) {
      expect((await accept(grace, token)).errors[0].code).toBe('NOT_FOUND')
      expect(await grace.api.ask(PREVIEW, { token })).toEqual({ invitation: null })
    }
    expect((await accept(grace, 'x'.repeat(43))).errors[0].code).toBe('NOT_FOUND')
  })
})

describe('an invitation by mail', () => {
  it('reaches its address, and lets in nobody else', async () => {
    const email = grace.account.email.toUpperCase()
    const { token } = await invite(ada, { email })
    const mine = () => mailServer.mails.find(({ to }) => to.includes(grace.account.email))
    await expect.poll(mine).toBeTruthy()
    expect(mine()!.source.replaceAll('=\r\n', '')).toContain(`/join#${token}`)
    const other = await server.signUp('Other')
    expect((await accept(other, token)).errors[0]).toMatchObject({ code: 'FORBIDDEN' })
    expect((await accept(grace, token)).errors).toEqual([])
    expect((await invite(ada, { email })).errors[0]).toMatchObject({ code: 'CONFLICT', path: ['email'] })
  })

  it('takes the place of an older one to the same address', async () => {
    const first = await invite(ada, { email: grace.account.email })
    await invite(ada, { email: grace.account.email })
    expect((await accept(grace, first.token)).errors[0].code).toBe('NOT_FOUND')
  })

  it.each([
    [{ email: 'a@example.org, b@example.org' }, 'email'],
    [{ email: 'a@example.org', maxUses: 2 }, 'maxUses'],
    [{ maxUses: 501 }, 'maxUses'],
    [{ expiresInHours: 721 }, 'expiresInHours'],
  ])('is refused where it is %j', async (input, path) => {
    expect((await invite(ada, input)).errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: [path] })
  })
})

describe('who may invite', () => {
  it('row 36: nobody above their own role, no key, and no member who is none of the team', async () => {
    const admin = await server.signUp('Admin')
    await accept(admin, (await invite(ada, { role: 'ADMIN' })).token)
    expect((await invite(admin, { role: 'OWNER' })).errors[0]).toMatchObject({ code: 'FORBIDDEN' })
    expect((await invite(grace)).errors[0]).toMatchObject({ code: 'NOT_FOUND' })
    await accept(grace, (await invite(ada)).token)
    expect((await invite(grace)).errors[0]).toMatchObject({ code: 'FORBIDDEN' })
    expect(await listed(grace)).toEqual([])
    const { secret } = await ada.api.mutate('createApiKey', { teamId: ada.teamId, name: 'k' }, 'secret')
    const key = { ...ada, api: new Api(server.url, { authorization: `Bearer ${secret}` }) }
    expect((await invite(key)).errors[0].code).toBe('FORBIDDEN')
    expect((await accept(key, (await invite(ada)).token)).errors[0].code).toBe('FORBIDDEN')
  })

  it('row 61: 110 invitations at once are 100', async () => {
    const answers = await Promise.all(Array.from({ length: 110 }, () => invite(ada)))
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(100)
  })
})
