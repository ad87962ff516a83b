import { createOTP } from '@better-auth/utils/otp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, authenticate, cookieOf, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { accountSteps, cookie, NEW_PASSWORD } from './account-steps.ts'

let server: TestServer
let steps: ReturnType<typeof accountSteps>
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  steps = accountSteps(server)
  // Whoever is first administers the instance, and does not leave it.
  await server.signUp('First')
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.signUp('Ada')
})

const isSignedIn = async (person: Person) =>
  (await person.api.ask('{ viewer { user { id } } }')).viewer !== null

describe('a reset by mail', () => {
  const ask = (email: string) => steps.post('request-password-reset', { email })

  it('tells until when it works in the time zone that the person has chosen, and otherwise in UTC', async () => {
    const { email } = ada.account
    const zoneOf = async () => (await ada.api.ask('{ viewer { timeZone } }')).viewer.timeZone
    const choose = (timeZone: string) => steps.post('update-user', { timeZone }, cookie(ada))
    await ask(email)
    expect((await steps.mailTo(email))!.text).toMatch(/until \d+ \w+ \d{4} at \d\d:\d\d UTC:/)
    expect((await choose('Asia/Kolkata')).status).toBe(200)
    expect(await zoneOf()).toBe('Asia/Kolkata')
    await ask(email)
    expect((await steps.mailTo(email))!.text).toMatch(/at \d\d:\d\d \(Asia\/Kolkata\):/)
    for (const none of ['Europe/Atlantis', 'x'.repeat(65)]) expect((await choose(none)).status).toBe(400)
    expect(await zoneOf()).toBe('Asia/Kolkata')
    expect((await choose('')).status).toBe(200)
    expect(await zoneOf()).toBeNull()
  })

  it('sets a password, ends every session, and is used once', async () => {
    const { email } = ada.account
    await ask(email)
    const token = await steps.resetTokenOf(email)
    expect(JSON.stringify(await server.database.verification.findMany())).not.toContain(token)
    expect((await steps.post('reset-password', { token, newPassword: 'password123' })).status).toBe(400)
    expect((await steps.post('reset-password', { token, newPassword: NEW_PASSWORD })).status).toBe(200)
    expect(await isSignedIn(ada)).toBe(false)
    expect((await steps.signIn(email, ada.account.password)).status).toBe(401)
    expect((await steps.signIn(email, NEW_PASSWORD)).status).toBe(200)
    expect((await steps.post('reset-password', { token, newPassword: ada.account.password })).status).toBe(
      400,
    )
  })

  it('row 64: is answered alike for an address without an account, and fills no mailbox', async () => {
    const answers = [await ask(ada.account.email), await ask('nobody@example.org')]
    const [known, unknown] = await Promise.all(
      answers.map(async (answer) => [answer.status, await answer.text()]),
    )
    expect(known).toEqual(unknown)
    for (let n = 0; n < 5; n++) await ask(ada.account.email)
    expect(await server.database.mail.count({ where: { to: ada.account.email } })).toBe(3)
  })

  it('row 64: is over once the account has another address, or another password', async () => {
    const { email } = ada.account
    await ask(email)
    const token = await steps.resetTokenOf(email)
    await steps.askForAddress(ada, `new-${email}`)
    await steps.openLink(`new-${email}`, cookie(ada))
    expect(await steps.emailOf(ada)).toBe(`new-${email}`)
    expect((await steps.post('reset-password', { token, newPassword: NEW_PASSWORD })).status).toBe(400)

    await ask(`new-${email}`)
    const second = await steps.resetTokenOf(`new-${email}`)
    const change = { currentPassword: ada.account.password, newPassword: NEW_PASSWORD }
    expect((await steps.post('change-password', change, cookie(ada))).status).toBe(200)
    expect(
      (await steps.post('reset-password', { token: second, newPassword: 'four green owls asleep' })).status,
    ).toBe(400)
  })
})

describe('sessions', () => {
  it('are listed, and one that is ended on another machine is out', async () => {
    const other = await steps.signIn(ada.account.email, ada.account.password)
    const elsewhere = new Api(server.url, { cookie: cookieOf(other) })
    const listed = (await (
      await fetch(`${server.url}/api/auth/list-sessions`, { headers: { cookie: cookie(ada) } })
    ).json()) as { token: string }[]
    expect(listed).toHaveLength(2)
    await steps.post('revoke-other-sessions', {}, cookie(ada))
    expect((await elsewhere.ask('{ viewer { user { id } } }')).viewer).toBeNull()
    expect(await isSignedIn(ada)).toBe(true)
  })
})

describe('a second factor', () => {
  async function enable(person: Person) {
    const answer = await steps.post(
      'two-factor/enable',
      { password: person.account.password },
      cookie(person),
    )
    const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
    const secret = base32(new URL(totpURI).searchParams.get('secret')!)
    const code = () => createOTP(secret).totp()
    const verified = await steps.post('two-factor/verify-totp', { code: await code() }, cookie(person))
    expect(verified.status).toBe(200)
    return { code, backupCodes, secret }
  }

  it('is asked for after the password, and without it nobody is signed in', async () => {
    const { code, backupCodes, secret } = await enable(ada)
    const stored = JSON.stringify(await server.database.twoFactor.findMany({ where: { userId: ada.userId } }))
    for (const kept of [secret, ...backupCodes]) expect(stored).not.toContain(kept)
    const first = await steps.signIn(ada.account.email, ada.account.password)
    expect(await first.json()).toMatchObject({ twoFactorRedirect: true })
    const halfway = cookieOf(first)
    expect(
      (await new Api(server.url, { cookie: halfway }).ask('{ viewer { user { id } } }')).viewer,
    ).toBeNull()
    expect((await steps.post('two-factor/verify-totp', { code: '000000' }, halfway)).status).toBe(401)
    const second = await steps.post('two-factor/verify-totp', { code: await code() }, halfway)
    const signedIn = new Api(server.url, { cookie: cookieOf(second) })
    expect((await signedIn.ask('{ viewer { twoFactorEnabled } }')).viewer).toEqual({ twoFactorEnabled: true })
  })

  it('row 64: keeps neither from a reset by mail, nor loses its trusted devices by one of somebody else', async () => {
    const { code } = await enable(ada)
    for (let n = 0; n < 4; n++) {
      const halfway = cookieOf(await steps.signIn(ada.account.email, ada.account.password))
      await steps.post('two-factor/verify-totp', { code: await code(), trustDevice: true }, halfway)
    }
    const trusted = () => server.database.verification.count({ where: { value: ada.userId } })
    const before = await trusted()
    expect(before).toBeGreaterThanOrEqual(4)
    await steps.post('update-user', { name: 'Ada L.' }, cookie(ada))
    const grace = await server.signUp('Grace')
    await steps.post('request-password-reset', { email: grace.account.email })
    const token = await steps.resetTokenOf(grace.account.email)
    await steps.post('reset-password', { token, newPassword: NEW_PASSWORD })
    expect(await trusted()).toBe(before)
    await steps.post('request-password-reset', { email: ada.account.email })
    expect(await steps.mailTo(ada.account.email)).toBeDefined()
  })

  it('is replaced by a recovery code, once', async () => {
    const { backupCodes } = await enable(ada)
    const by = async (code: string) => {
      const halfway = cookieOf(await steps.signIn(ada.account.email, ada.account.password))
      return (await steps.post('two-factor/verify-backup-code', { code }, halfway)).status
    }
    expect(await by(backupCodes[0]!)).toBe(200)
    expect(await by(backupCodes[0]!)).toBe(401)
    expect(await by(backupCodes[1]!)).toBe(200)
  })

  it('row 46: is not guessed: the account’s second factor is locked after ten wrong codes', async () => {
    const { code } = await enable(ada)
    const fresh = async () => cookieOf(await steps.signIn(ada.account.email, ada.account.password))
    const { userId } = ada
    await server.database.twoFactor.updateMany({ where: { userId }, data: { failedVerificationCount: 9 } })
    await steps.post('two-factor/verify-totp', { code: '000000' }, await fresh())
    const right = await steps.post('two-factor/verify-totp', { code: await code() }, await fresh())
    expect(right.status).toBeGreaterThanOrEqual(400)
  })
})

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
function base32(text: string): string {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('')
}

describe('an account that is deleted', () => {
  const remove = (person: Person, password = person.account.password) =>
    person.api.mutate('deleteAccount', { password }, 'deletedId')
  const own = (person: Person) => person.api.ask('{ viewer { ownedAlone { id } } }')

  it('first names the teams of which it is the only owner', async () => {
    const grace = await server.signUp('Grace')
    const data = { id: newId('Member'), teamId: ada.teamId, userId: grace.userId, role: 'MEMBER' } as const
    await server.database.member.create({ data })
    expect((await own(ada)).viewer.ownedAlone).toEqual([{ id: ada.teamId }])
    expect((await remove(ada)).errors[0]).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Ada’s team'),
    })
    await ada.api.mutate('handOverTeam', { memberId: data.id })
    expect((await own(ada)).viewer.ownedAlone).toEqual([])
    expect((await remove(ada)).errors).toEqual([])
  })

  it('is gone with sessions, keys, name and address, while what it made elsewhere stays', async () => {
    const grace = await server.signUp('Grace')
    const teamId = grace.teamId
    await server.database.member.create({
      data: { id: newId('Member'), teamId, userId: ada.userId, role: 'ADMIN' },
    })
    const { runId } = await insertFinishedRun(server.database, server.storage, { teamId, userId: ada.userId })
    const { secret } = await ada.api.mutate('createApiKey', { teamId, name: 'k' }, 'secret')
    expect((await remove(ada, 'not my password')).errors[0]).toMatchObject({ path: ['password'] })
    expect((await remove(ada)).errors).toEqual([])
    expect(await isSignedIn(ada)).toBe(false)
    const key = new Api(server.url, { authorization: `Bearer ${secret}` })
    expect((await key.send('{ viewer { user { id } } }')).status).toBe(401)
    expect((await steps.signIn(ada.account.email, ada.account.password)).status).toBe(401)
    const query = 'query ($id: ID!) { node(id: $id) { id } }'
    expect((await grace.api.ask(query, { id: runId })).node).toEqual({ id: runId })
    const everything = JSON.stringify([
      await server.database.user.findMany(),
      await server.database.session.findMany(),
      await server.database.account.findMany({ where: { userId: ada.userId } }),
    ])
    expect(everything).not.toContain(ada.account.email)
    expect(
      (await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })).deletionDueAt,
    ).not.toBeNull()
    const again = await authenticate(server.url, server.config.publicOrigin, 'sign-up/email', ada.account)
    expect(again.status).toBe(200)
  })

  it('is not the administrator’s, and not a key’s', async () => {
    const { secret } = await ada.api.mutate('createApiKey', { teamId: ada.teamId, name: 'k' }, 'secret')
    const key = new Api(server.url, { authorization: `Bearer ${secret}` })
    const { password } = ada.account
    expect((await key.mutate('deleteAccount', { password })).errors[0].code).toBe('FORBIDDEN')
    await server.database.user.update({ where: { id: ada.userId }, data: { isAdministrator: true } })
    expect((await remove(ada)).errors[0].code).toBe('CONFLICT')
  })
})
