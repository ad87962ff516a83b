import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../prisma/client.ts'
import { createAuth } from '../../../server/access/auth.ts'
import { signInActionOf, UNAUDITED_AUTH_PATHS } from '../../../server/audit/audited-sign-ins.ts'
import { Outbox } from '../../../server/mail/outbox.ts'
import { accountSteps, cookie, NEW_PASSWORD } from '../account/account-steps.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let steps: ReturnType<typeof accountSteps>
let known: string[]
beforeAll(async () => {
  server = await startTestServer()
  steps = accountSteps(server)
  ada = await server.signUp()
})
afterAll(() => server.stop())
beforeEach(async () => {
  known = (await server.database.auditEvent.findMany({ select: { id: true } })).map(({ id }) => id)
})

const newRows = (): Promise<AuditEvent[]> =>
  server.database.auditEvent.findMany({ where: { id: { notIn: known } }, orderBy: { id: 'asc' } })
const only = async (): Promise<AuditEvent> => {
  const rows = await newRows()
  expect(rows).toHaveLength(1)
  return rows[0]!
}

it('every way in, and every change of an account, has its action', () => {
  const { database, config } = server
  const log = { info() {}, warn() {}, error() {} } as never
  const auth = createAuth({
    database,
    config,
    log,
    outbox: new Outbox(),
    findInvitation: async () => null,
    onSignUp: async () => {},
  })
  // Those without a path are called by the server alone.
  const paths = Object.values(auth.api).flatMap((endpoint) => (endpoint as { path?: string }).path ?? [])
  expect(paths.length).toBeGreaterThan(20)
  const silent = paths.filter((path) => !signInActionOf(path) && !UNAUDITED_AUTH_PATHS.includes(path))
  expect(silent).toEqual([])
})

describe('the log tells of', () => {
  it('who signs up, in and out, and from where', async () => {
    const { account, userId, api } = await server.signUp('Grace')
    expect((await steps.signIn(account.email, account.password)).status).toBe(200)
    await steps.post('sign-out', {}, api.headers.cookie)
    const rows = await newRows()
    expect(rows.map(({ action }) => action)).toEqual([
      'account.sign-up',
      'account.sign-in',
      'account.sign-out',
    ])
    for (const row of rows)
      expect(row).toMatchObject({ outcome: 'DONE', actorKind: 'PERSON', actorId: userId, subjectId: userId })
    expect(rows[0]!.address).toMatch(/127\.0\.0\.1$/)
  })

  it('a wrong password, by nobody, at the account that was tried', async () => {
    await steps.signIn(ada.account.email, 'not the password')
    expect(await only()).toMatchObject({
      ...{ action: 'account.sign-in', outcome: 'REFUSED', code: 'INVALID_EMAIL_OR_PASSWORD' },
      ...{ actorKind: 'ANONYMOUS', actorId: null, subjectId: ada.userId },
    })
  })

  it('an address that nobody has, without the address, which may be a password', async () => {
    await steps.signIn('hunter2@example.org', 'not the password')
    const row = await only()
    expect(row).toMatchObject({ outcome: 'REFUSED', subjectId: null })
    expect(JSON.stringify(row)).not.toContain('hunter2')
  })

  it('what is refused before better-auth begins: another address without the password', async () => {
    await steps.askForAddress(ada, 'other@example.org', 'wrong horse battery')
    expect(await only()).toMatchObject({
      ...{ action: 'account.email-change-ask', outcome: 'REFUSED', code: 'INVALID_PASSWORD' },
      ...{ actorId: ada.userId, subjectId: ada.userId },
    })
  })

  it('the right password of a second factor, and a wrong code, by nobody at that account', async () => {
    const { account, userId, api } = await server.signUp('Two')
    const { totpURI } = (await (
      await steps.post('two-factor/enable', { password: account.password }, api.headers.cookie)
    ).json()) as { totpURI: string }
    expect(totpURI).toContain('otpauth')
    await server.database.user.update({ where: { id: userId }, data: { twoFactorEnabled: true } })
    await server.database.twoFactor.updateMany({ where: { userId }, data: { verified: true } })
    const half = await steps.signIn(account.email, account.password)
    const cookies = half.headers.getSetCookie().map((set) => set.split(';')[0])
    await steps.post('two-factor/verify-totp', { code: '000000' }, cookies.join('; '))
    const rows = await newRows()
    const atAccount = { actorKind: 'ANONYMOUS', subjectId: userId }
    expect(rows.slice(-2)).toMatchObject([
      { action: 'account.sign-in-half', outcome: 'DONE', ...atAccount },
      { action: 'account.two-factor-verify', outcome: 'REFUSED', ...atAccount },
    ])
    expect(JSON.stringify(rows)).not.toMatch(/secret=|horse/)
  })

  it('a cookie that means nothing, without harm to the answer', async () => {
    const code = { code: '000000' }
    const answer = await steps.post('two-factor/verify-totp', code, 'studyhall.two_factor=%zz.%00')
    expect(answer.status).toBe(401)
    expect(await only()).toMatchObject({ outcome: 'REFUSED', subjectId: null })
  })

  it('whose account was tried and who got in, though somebody else is signed in there', async () => {
    const grace = await server.signUp('Grace')
    const { email, password } = grace.account
    known = [...known, ...(await newRows()).map(({ id }) => id)]
    await steps.post('sign-in/email', { email, password: 'not the password' }, cookie(ada))
    await steps.post('sign-in/email', { email, password }, cookie(ada))
    await steps.post('request-password-reset', { email }, cookie(ada))
    const token = await steps.resetTokenOf(email)
    await steps.post('reset-password', { newPassword: NEW_PASSWORD, token }, cookie(ada))
    const adas = { actorId: ada.userId, subjectId: grace.userId }
    expect(await newRows()).toMatchObject([
      { action: 'account.sign-in', outcome: 'REFUSED', ...adas },
      { action: 'account.sign-in', outcome: 'DONE', actorId: grace.userId, subjectId: grace.userId },
      { action: 'account.password-reset-ask', ...adas },
      { action: 'account.password-reset', ...adas },
    ])
  })

  it('a password that changes, and one that is reset by mail', async () => {
    const { email, password } = ada.account
    const change = { currentPassword: password, newPassword: NEW_PASSWORD }
    await steps.post('change-password', change, cookie(ada))
    await steps.post('request-password-reset', { email })
    const token = await steps.resetTokenOf(email)
    await steps.post('reset-password', { newPassword: password, token })
    const rows = await newRows()
    expect(rows).toMatchObject([
      { action: 'account.password-change', outcome: 'DONE', actorId: ada.userId },
      { action: 'account.password-reset-ask', actorKind: 'ANONYMOUS', subjectId: ada.userId },
      { action: 'account.password-reset', outcome: 'DONE', actorKind: 'ANONYMOUS', subjectId: ada.userId },
    ])
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${password}|${NEW_PASSWORD}|${token}`))
  })
})

describe('the log tells of a key', () => {
  it('that is made, used for the first time, and refused once it has ended', async () => {
    const grace = await server.signUp('Grace')
    const input = { teamId: grace.teamId, name: 'nightly' }
    const made = await grace.api.mutate('createApiKey', input, 'secret apiKey { id }')
    const key = new Api(server.url, { authorization: `Bearer ${made.secret}` })
    await key.send('{ viewer { user { id } } }')
    await key.send('{ viewer { user { id } } }')
    await grace.api.mutate('revokeApiKey', { apiKeyId: made.apiKey.id })
    for (let k = 0; k < 3; k++) expect((await key.send('{ viewer { user { id } } }')).status).toBe(401)
    const rows = (await newRows()).filter(({ action }) => action.startsWith('key.'))
    expect(rows).toMatchObject([
      { action: 'key.create', actorKind: 'PERSON' },
      { action: 'key.first-use', actorKind: 'API_KEY', keyName: 'nightly', actorId: grace.userId },
      { action: 'key.revoke' },
      // Once, however often a script tries.
      { action: 'key.refuse', actorKind: 'ANONYMOUS', outcome: 'REFUSED', detail: { why: 'revoked' } },
    ])
    for (const row of rows) expect(row).toMatchObject({ teamId: grace.teamId, subjectId: made.apiKey.id })
  })
})
