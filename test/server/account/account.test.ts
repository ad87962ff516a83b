import { createOTP } from '@better-auth/utils/otp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, authenticate, cookieOf, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  // Whoever is first administers the instance, and does not leave it.
  await server.signUp('First')
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.signUp('Ada')
})

const NEW_PASSWORD = 'seven blue herons waiting'
const post = (route: string, body: object, cookie = '') =>
  fetch(`${server.url}/api/auth/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.config.publicOrigin, cookie },
    body: JSON.stringify(body),
  })
const cookie = (person: Person) => person.api.headers.cookie!
const signIn = (email: string, password: string) =>
  authenticate(server.url, server.config.publicOrigin, 'sign-in/email', { email, password })
const mailTo = async (to: string) =>
  (await server.database.mail.findMany({ where: { to }, orderBy: { id: 'desc' } }))[0]
const isSignedIn = async (person: Person) =>
  (await person.api.ask('{ viewer { user { id } } }')).viewer !== null

describe('a reset by mail', () => {
  const ask = (email: string) => post('request-password-reset', { email })
  const tokenOf = async (email: string) => /\/reset#(\S+)/.exec((await mailTo(email))!.text)![1]!

  it('sets a password, ends every session, and is used once', async () => {
    const { email } = ada.account
    await ask(email)
    const token = await tokenOf(email)
    expect(JSON.stringify(await server.database.verification.findMany())).not.toContain(token)
    expect((await post('reset-password', { token, newPassword: 'password123' })).status).toBe(400)
    expect((await post('reset-password', { token, newPassword: NEW_PASSWORD })).status).toBe(200)
    expect(await isSignedIn(ada)).toBe(false)
    expect((await signIn(email, ada.account.password)).status).toBe(401)
    expect((await signIn(email, NEW_PASSWORD)).status).toBe(200)
    expect((await post('reset-password', { token, newPassword: ada.account.password })).status).toBe(400)
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
    const token = await tokenOf(email)
    await post('change-email', { newEmail: `new-${email}` }, cookie(ada))
    await fetch(linkIn((await mailTo(`new-${email}`))!.text), { redirect: 'manual' })
    expect((await post('reset-password', { token, newPassword: NEW_PASSWORD })).status).toBe(400)

    await ask(`new-${email}`)
    const second = await tokenOf(`new-${email}`)
    const change = { currentPassword: ada.account.password, newPassword: NEW_PASSWORD }
    expect((await post('change-password', change, cookie(ada))).status).toBe(200)
    expect(
      (await post('reset-password', { token: second, newPassword: 'four green owls asleep' })).status,
    ).toBe(400)
  })
})

/** As a browser would open it, which reaches the API through the pages' origin. */
function linkIn(text: string): string {
  const { pathname, search } = new URL(/http:\S+/.exec(text)![0])
  return `${server.url}${pathname}${search}`
}

describe('an e-mail address', () => {
  it('changes once a link in its own mailbox is opened, of which the old one hears', async () => {
    const { email, password } = ada.account
    const newEmail = `new-${email}`
    await post('change-email', { newEmail, callbackURL: '/account' }, cookie(ada))
    expect((await mailTo(email))!.text).toContain(newEmail)
    expect((await signIn(newEmail, password)).status).toBe(401)
    const link = linkIn((await mailTo(newEmail))!.text)
    await fetch(link, { redirect: 'manual' })
    expect((await signIn(newEmail, password)).status).toBe(200)
    expect((await signIn(email, password)).status).toBe(401)
  })

  it('row 64: of somebody else is not told from a free one, and an old link changes nothing', async () => {
    const grace = await server.signUp('Grace')
    const answer = await post('change-email', { newEmail: grace.account.email }, cookie(ada))
    const free = await post('change-email', { newEmail: `free-${ada.account.email}` }, cookie(ada))
    expect([answer.status, await answer.text()]).toEqual([free.status, await free.text()])
    expect(await mailTo(grace.account.email)).toBeUndefined()

    const link = linkIn((await mailTo(`free-${ada.account.email}`))!.text)
    await fetch(link, { redirect: 'manual' })
    await post('change-email', { newEmail: `third-${ada.account.email}` }, cookie(ada))
    await fetch(linkIn((await mailTo(`third-${ada.account.email}`))!.text), { redirect: 'manual' })
    await fetch(link, { redirect: 'manual' })
    const { email } = await server.database.user.findUniqueOrThrow({ where: { id: ada.userId } })
    expect(email).toBe(`third-${ada.account.email}`)
  })
})

describe('sessions', () => {
  it('are listed, and one that is ended on another machine is out', async () => {
    const other = await signIn(ada.account.email, ada.account.password)
    const elsewhere = new Api(server.url, { cookie: cookieOf(other) })
    const listed = (await (
      await fetch(`${server.url}/api/auth/list-sessions`, { headers: { cookie: cookie(ada) } })
    ).json()) as { token: string }[]
    expect(listed).toHaveLength(2)
    await post('revoke-other-sessions', {}, cookie(ada))
    expect((await elsewhere.ask('{ viewer { user { id } } }')).viewer).toBeNull()
    expect(await isSignedIn(ada)).toBe(true)
  })
})

describe('a second factor', () => {
  async function enable(person: Person) {
    const answer = await post('two-factor/enable', { password: person.account.password }, cookie(person))
    const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
    const secret = base32(new URL(totpURI).searchParams.get('secret')!)
    const code = () => createOTP(secret).totp()
    const verified = await post('two-factor/verify-totp', { code: await code() }, cookie(person))
    expect(verified.status).toBe(200)
    return { code, backupCodes, secret }
  }

  it('is asked for after the password, and without it nobody is signed in', async () => {
    const { code, backupCodes, secret } = await enable(ada)
    const stored = JSON.stringify(await server.database.twoFactor.findMany({ where: { userId: ada.userId } }))
    for (const kept of [secret, ...backupCodes]) expect(stored).not.toContain(kept)
    const first = await signIn(ada.account.email, ada.account.password)
    expect(await first.json()).toMatchObject({ twoFactorRedirect: true })
    const halfway = cookieOf(first)
    expect(
      (await new Api(server.url, { cookie: halfway }).ask('{ viewer { user { id } } }')).viewer,
    ).toBeNull()
    expect((await post('two-factor/verify-totp', { code: '000000' }, halfway)).status).toBe(401)
    const second = await post('two-factor/verify-totp', { code: await code() }, halfway)
    const signedIn = new Api(server.url, { cookie: cookieOf(second) })
    expect((await signedIn.ask('{ viewer { twoFactorEnabled } }')).viewer).toEqual({ twoFactorEnabled: true })
  })

  it('is replaced by a recovery code, once', async () => {
    const { backupCodes } = await enable(ada)
    const by = async (code: string) => {
      const halfway = cookieOf(await signIn(ada.account.email, ada.account.password))
      return (await post('two-factor/verify-backup-code', { code }, halfway)).status
    }
    expect(await by(backupCodes[0]!)).toBe(200)
    expect(await by(backupCodes[0]!)).toBe(401)
    expect(await by(backupCodes[1]!)).toBe(200)
  })

  it('row 46: is not guessed: the account’s second factor is locked after ten wrong codes', async () => {
    const { code } = await enable(ada)
    const fresh = async () => cookieOf(await signIn(ada.account.email, ada.account.password))
    const { userId } = ada
    await server.database.twoFactor.updateMany({ where: { userId }, data: { failedVerificationCount: 9 } })
    await post('two-factor/verify-totp', { code: '000000' }, await fresh())
    const right = await post('two-factor/verify-totp', { code: await code() }, await fresh())
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
    expect((await signIn(ada.account.email, ada.account.password)).status).toBe(401)
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
