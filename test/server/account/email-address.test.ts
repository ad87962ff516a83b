import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { accountSteps, cookie, NEW_PASSWORD } from './account-steps.ts'

let server: TestServer
let steps: ReturnType<typeof accountSteps>
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  steps = accountSteps(server)
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.signUp('Ada')
})

describe('an e-mail address', () => {
  it('changes once a link in its own mailbox is opened, of which the old one hears', async () => {
    const { email, password } = ada.account
    const newEmail = `new-${email}`
    await steps.askForAddress(ada, newEmail)
    expect((await steps.mailTo(email))!.text).toContain(newEmail)
    expect((await steps.signIn(newEmail, password)).status).toBe(401)
    await steps.openLink(newEmail, cookie(ada))
    expect((await steps.signIn(newEmail, password)).status).toBe(200)
    expect((await steps.signIn(email, password)).status).toBe(401)
  })

  it('row 64: of somebody else is not told from a free one, and an old link changes nothing', async () => {
    const grace = await server.signUp('Grace')
    const answer = await steps.askForAddress(ada, grace.account.email)
    const free = await steps.askForAddress(ada, `free-${ada.account.email}`)
    expect([answer.status, await answer.text()]).toEqual([free.status, await free.text()])
    expect(await steps.mailTo(grace.account.email)).toBeUndefined()

    const { email } = ada.account
    await steps.askForAddress(ada, `third-${email}`)
    await steps.openLink(`third-${email}`, cookie(ada))
    await steps.openLink(`free-${email}`, cookie(ada))
    expect(await steps.emailOf(ada)).toBe(`third-${email}`)
  })

  it('row 64: is asked for with the password: a session alone is refused', async () => {
    const { email } = ada.account
    const bare = await steps.post('change-email', { newEmail: `new-${email}` }, cookie(ada))
    const wrong = await steps.askForAddress(ada, `new-${email}`, 'not my password')
    for (const refused of [bare, wrong]) {
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ code: 'INVALID_PASSWORD' })
    }
    expect(await steps.mailTo(`new-${email}`)).toBeUndefined()
    for (let n = 0; n < 8; n++) await steps.askForAddress(ada, `new-${email}`, 'not my password')
    expect((await steps.askForAddress(ada, `new-${email}`)).status).toBe(429)
  })

  it('row 64: changes by a link that the account’s own session opens, before the password is changed', async () => {
    const { email } = ada.account
    await steps.askForAddress(ada, `new-${email}`)
    const stranger = await steps.openLink(`new-${email}`)
    expect(stranger.headers.get('location')).toBe(`${server.config.publicOrigin}/account?error=SIGN_IN_FIRST`)
    await steps.openLink(`new-${email}`, cookie(await server.signUp('Mallory')))
    expect(await steps.emailOf(ada)).toBe(email)

    const change = { currentPassword: ada.account.password, newPassword: NEW_PASSWORD }
    await steps.post('change-password', change, cookie(ada))
    const late = await steps.openLink(`new-${email}`, cookie(ada))
    expect(late.headers.get('location')).toContain('INVALID_TOKEN')
    expect(await steps.emailOf(ada)).toBe(email)
  })

  it('row 64: that was asked for ends with a reset of the password, too', async () => {
    const { email } = ada.account
    await steps.askForAddress(ada, `new-${email}`)
    await steps.post('request-password-reset', { email })
    const token = await steps.resetTokenOf(email)
    expect((await steps.post('reset-password', { token, newPassword: NEW_PASSWORD })).status).toBe(200)
    const again = cookieOf(await steps.signIn(email, NEW_PASSWORD))
    await steps.openLink(`new-${email}`, again)
    expect(await steps.emailOf(ada)).toBe(email)
  })

  it('row 64: fills no mailbox: three mails an hour for a person, three to an address', async () => {
    const grace = await server.signUp('Grace')
    const { email } = ada.account
    for (const asker of [ada, ada, grace, grace]) await steps.askForAddress(asker, `target-${email}`)
    expect(await server.database.mail.count({ where: { to: `target-${email}` } })).toBe(3)
    for (const part of ['a', 'b']) await steps.askForAddress(ada, `${part}-${email}`)
    expect(await steps.mailTo(`a-${email}`)).toBeDefined()
    expect(await steps.mailTo(`b-${email}`)).toBeUndefined()
  })

  it('row 64: is sent no mail at the wish of somebody who is not signed in', async () => {
    const { email } = ada.account
    expect((await steps.post('send-verification-email', { email })).status).toBe(404)
    expect(await steps.mailTo(email)).toBeUndefined()
  })
})
