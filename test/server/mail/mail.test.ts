import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
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

  it('what is soon worth nothing goes out first, and everything without a pause', async () => {
    const before = mailServer.mails.length
    const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000)
    const mail = (to: string, expiresAt: Date) => ({
      id: newId('Mail'),
      to,
      subject: to,
      text: to,
      expiresAt,
    })
    const notices = Array.from({ length: 12 }, (_, n) => mail(`notice-${n}@example.org`, inDays(7)))
    await server.database.mail.createMany({ data: [...notices, mail('reset@example.org', inDays(0.04))] })
    await trial(ada)
    await expect.poll(() => server.database.mail.count()).toBe(0)
    const order = mailServer.mails.slice(before).map(({ to }) => to[0])
    expect(order).toHaveLength(14)
    expect(order.indexOf('reset@example.org')).toBeLessThan(order.indexOf('notice-0@example.org'))
    expect(order.indexOf('reset@example.org')).toBeLessThan(3)
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
  let administrator: Person
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  it('of two people who are the first at once, one administers the instance, and reads what waits', async () => {
    const people = await Promise.all([server.signUp('Ada'), server.signUp('Grace')])
    const seen = await Promise.all(people.map(({ api }) => api.ask(INSTANCE)))
    expect(seen.map(({ viewer }) => viewer.isAdministrator).toSorted()).toEqual([false, true])
    const [first, second] = seen[0].viewer.isAdministrator ? people : people.toReversed()
    administrator = first!
    expect((await trial(second!)).errors[0].code).toBe('FORBIDDEN')
    expect((await second!.api.ask(INSTANCE)).instance).toBeNull()
    expect((await trial(first!)).errors).toEqual([])
    const { instance } = await first!.api.ask(INSTANCE)
    expect(instance).toMatchObject({
      mailServer: null,
      mails: [{ to: 'bob@example.org', text: expect.stringContaining('This is a trial'), attempts: 0 }],
    })
  })

  it('a reset is shown though hundreds of newer notices wait', async () => {
    const { database } = server
    const mail = (to: string, hours: number) => {
      const expiresAt = new Date(Date.now() + hours * 3_600_000)
      return { id: newId('Mail'), to, subject: to, text: to, expiresAt }
    }
    const reset = mail('reset@example.org', 1)
    const notices = Array.from({ length: 210 }, () => mail('notice@example.org', 168))
    await database.mail.createMany({ data: [reset, ...notices] })
    const { instance } = await administrator.api.ask(INSTANCE)
    expect(instance.mails).toHaveLength(200)
    expect(instance.mails.map(({ to }: { to: string }) => to)).toContain('reset@example.org')
    await database.mail.deleteMany({ where: { to: { in: ['reset@example.org', 'notice@example.org'] } } })
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
