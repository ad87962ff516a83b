import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { type MailServer, startMailServer } from './mail-server.ts'

const INSTANCE =
  '{ instance { mailServer mails { id to subject text attempts failure } } viewer { isAdministrator } }'
const trial = (person: Person, to = 'bob@example.org') =>
  person.api.mutate('sendTrialMail', { to }, 'mail { id }')

describe('with a mail server', () => {
  let mailServer: MailServer
  let server: TestServer
  let ada: Person
  beforeAll(async () => {
    mailServer = await startMailServer()
    const mail = { url: mailServer.url, from: 'Studyhall <studyhall@example.org>' }
    server = await startTestServer({ mail })
    ada = await server.signUp()
  })
  afterAll(async () => {
    await server.stop()
    await mailServer.stop()
  })

  it('a mail arrives, and is kept nowhere', async () => {
    expect((await trial(ada)).errors).toEqual([])
    await expect.poll(() => mailServer.mails.length).toBe(1)
    expect(mailServer.mails[0]).toMatchObject({ to: ['bob@example.org'], from: 'studyhall@example.org' })
    expect(mailServer.mails[0]!.source).toContain('Subject: =?UTF-8?Q?A_trial')
    await expect.poll(() => server.database.mail.count()).toBe(0)
  })

  it('a mail that was refused is told with the reason and without its text, and goes out later, once', async () => {
    mailServer.refuseNext(1)
    const before = mailServer.mails.length
    const { mail } = await trial(ada)
    const waiting = async () => (await ada.api.ask(INSTANCE)).instance.mails[0]
    await expect.poll(waiting).toMatchObject({ attempts: 1, failure: expect.stringContaining('try later') })
    expect((await waiting()).text).toBeNull()
    await server.database.mail.update({ where: { id: mail.id }, data: { nextAttemptAt: new Date() } })
    await expect.poll(() => mailServer.mails.length).toBe(before + 1)
    await expect.poll(() => server.database.mail.count()).toBe(0)
  })

  it('no second address is taken along by a name or a comma', async () => {
    for (const to of [
      'a@example.org, b@example.org',
      'A <a@example.org>',
      'a@example.org\nBcc: b@example.org',
    ])
      expect((await trial(ada, to)).errors[0]?.code).toBe('INVALID_INPUT')
  })
})

describe('without one', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  it('of two people who are the first at once, one administers the instance, and reads what waits', async () => {
    const people = await Promise.all([server.signUp('Ada'), server.signUp('Grace')])
    const seen = await Promise.all(people.map(({ api }) => api.ask(INSTANCE)))
    expect(seen.map(({ viewer }) => viewer.isAdministrator).toSorted()).toEqual([false, true])
    const [first, second] = seen[0].viewer.isAdministrator ? people : people.toReversed()
    expect((await trial(second!)).errors[0].code).toBe('FORBIDDEN')
    expect((await second!.api.ask(INSTANCE)).instance).toBeNull()
    expect((await trial(first!)).errors).toEqual([])
    const { instance } = await first!.api.ask(INSTANCE)
    expect(instance).toMatchObject({
      mailServer: null,
      mails: [{ to: 'bob@example.org', text: expect.stringContaining('This is a trial'), attempts: 0 }],
    })
  })

  it('a key of the administrator does not read them', async () => {
    const { id } = await server.database.user.findFirstOrThrow({ where: { isAdministrator: true } })
    expect(await server.database.user.count({ where: { isAdministrator: true } })).toBe(1)
    const later = await server.signUp('Later')
    await server.database.user.update({ where: { id: later.userId }, data: { isAdministrator: true } })
    expect(id).not.toBe(later.userId)
    const input = { teamId: later.teamId, name: 'k' }
    const { secret } = await later.api.mutate('createApiKey', input, 'secret')
    const { Api } = await import('../test-server.ts')
    const key = new Api(server.url, { authorization: `Bearer ${secret}` })
    expect(await key.ask(INSTANCE)).toEqual({ instance: null, viewer: { isAdministrator: false } })
  })
})
