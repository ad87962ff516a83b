import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { fail, succeed } from '../../../runs/transitions/index.ts'
import { NoticeFeed } from '../../../server/live/notice-feed.ts'
import { Outbox } from '../../../server/mail/outbox.ts'
import { dispatchTeamEvents } from '../../../server/notices/dispatch.ts'
import { makeKey } from '../make-key.ts'
import { Api, type Person, type TestServer } from '../test-server.ts'
import { FAILURE, NOTICES, type NoticeScene, OUTCOME, openNoticeScene } from './notice-scene.ts'

let scene: NoticeScene
let ada: Person
let grace: Person
let server: TestServer
beforeAll(async () => {
  scene = await openNoticeScene()
  ;({ ada, grace, server } = scene)
})
afterAll(() => server.stop())

describe('the bell', () => {
  it('tells open pages what arrives and what was read elsewhere', async () => {
    const { id, number } = await scene.startRun()
    const query = 'subscription { noticesChanged { unread arrived { title inBrowser } } }'
    const changes: { unread: number; arrived: { title: string }[] }[] = []
    const following = (async () => {
      for await (const { data } of ada.api.listen(query)) {
        changes.push(data.noticesChanged)
        if (changes.length > 1 && data.noticesChanged.unread === 0) return
      }
    })()
    await expect.poll(() => changes.length).toBe(1)
    expect(changes[0]).toMatchObject({ unread: (await scene.bell(ada)).unread, arrived: [] })
    await scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))
    const arrived = { title: `Run ${number} succeeded`, inBrowser: true }
    await expect.poll(() => changes.flatMap((one) => one.arrived)).toEqual([arrived])
    await ada.api.mutate('markNoticesRead', {}, 'unread')
    await following
    expect((await scene.bell(ada)).unread).toBe(0)
  })

  it('marks one, of one’s own only', async () => {
    const { id } = await scene.startRun()
    await scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))
    await scene.settle()
    const { notices, unread } = await scene.bell(ada)
    expect(unread).toBe(1)
    const theirs = await grace.api.mutate('markNoticesRead', { noticeIds: [notices[0]!.id] }, 'unread')
    expect(theirs.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['noticeIds'] }])
    const own = await ada.api.mutate('markNoticesRead', { noticeIds: [notices[0]!.id] }, 'unread')
    expect(own).toEqual({ unread: 0, errors: [] })
  })

  it('shows nothing of a team to whoever was removed from it', async () => {
    const { id } = await scene.startRun()
    await grace.api.mutate('followRun', { runId: id })
    await scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))
    await scene.settle()
    expect((await scene.bell(grace)).notices).toHaveLength(1)
    await server.database.member.deleteMany({ where: { teamId: ada.teamId, userId: grace.userId } })
    expect(await scene.bell(grace)).toEqual({ unread: 0, notices: [] })
    await scene.join(grace)
  })

  it('is empty for a key', async () => {
    const key = new Api(server.url, { authorization: `Bearer ${await makeKey(ada)}` })
    const { viewer } = await key.ask(NOTICES)
    expect(viewer).toEqual({ unreadNotices: 0, notices: { nodes: [] } })
  })
})

describe('notices', () => {
  it('of other events are made though one fails every time, which is passed over in the end', async () => {
    const { database } = server
    const broken = { teamId: ada.teamId, kind: 'RUN_FAILED' as const, data: {} }
    const [early, late] = [newId('TeamEvent'), newId('TeamEvent')]
    await database.teamEvent.create({ data: { ...broken, id: early } })
    await database.teamEvent.create({ data: { ...broken, id: late, dispatchFailures: 5 } })
    const { id: runId, number } = await scene.startRun()
    await scene.change(runId, (tx, run) => succeed(tx, run, OUTCOME))
    await expect.poll(() => scene.titles(ada)).toContain(`Run ${number} succeeded`)
    const read = (id: string) => database.teamEvent.findUniqueOrThrow({ where: { id } })
    const over = { dispatchedAt: expect.any(Date), dispatchFailures: 6 }
    await expect.poll(() => read(late)).toMatchObject(over)
    const waiting = { dispatchedAt: null, nextDispatchAt: expect.any(Date) }
    await expect.poll(() => read(early)).toMatchObject(waiting)
    await database.teamEvent.deleteMany({ where: { id: { in: [early, late] } } })
  })

  it('beyond thirty mails within an hour are in the page alone, and the last mail says so', async () => {
    const { database } = server
    const data = Array.from({ length: 29 }, () => ({ userId: ada.userId, eventId: newId('TeamEvent') }))
    await database.noticeMail.createMany({ data })
    const numbers: number[] = []
    for (let i = 0; i < 2; i++) {
      const { id, number } = await scene.startRun()
      await scene.change(id, (tx, run) => fail(tx, run, FAILURE))
      await scene.settle()
      numbers.push(number)
    }
    const [last, over] = numbers
    const mails = await database.mail.findMany({ where: { to: ada.account.email } })
    expect(mails).toMatchObject([
      { subject: expect.stringContaining(`Run ${last} failed`), text: expect.stringContaining('last of 30') },
    ])
    expect(await scene.titles(ada)).toContain(`Run ${over} failed`)
    await database.noticeMail.deleteMany()
  })

  it('reach an open page however many came before, and only of one’s teams', async () => {
    const { database } = server
    const elsewhere = await server.signUp('Elsewhere')
    const insert = async (teamId: string, count: number) => {
      const events = Array.from({ length: count }, () => ({ id: newId('TeamEvent'), teamId, data: {} }))
      const kind = 'RUN_FAILED' as const
      const dispatchedAt = new Date()
      await database.teamEvent.createMany({ data: events.map((one) => ({ ...one, kind, dispatchedAt })) })
      const { userId } = grace
      const rows = events.map(({ id: eventId }) => ({ id: newId('Notice'), userId, teamId, eventId }))
      await database.notice.createMany({ data: rows.map((row) => ({ ...row, inBrowser: false })) })
      return rows.map(({ id }) => id)
    }
    const feed = new NoticeFeed(database)
    const stop = new AbortController()
    const changes = feed.follow(grace.userId, stop.signal)
    await insert(ada.teamId, 120)
    expect((await changes.next()).value.arrived).toEqual([])
    const [newest] = await insert(ada.teamId, 1)
    await insert(elsewhere.teamId, 1)
    feed.notify(grace.userId)
    expect((await changes.next()).value.arrived).toMatchObject([{ id: newest }])
    stop.abort()
    await database.teamEvent.deleteMany({ where: { data: { equals: {} } } })
  })

  it('are made no more once the server stops', async () => {
    let asked = 0
    const $transaction = async () => {
      asked++
    }
    const dispatcher = dispatchTeamEvents({
      database: { $transaction } as never,
      outbox: {} as never,
      config: server.config,
      log: { warn: () => {} } as never,
      onDeliveries: () => {},
      onNotices: () => {},
    })
    await dispatcher.close()
    const before = asked
    dispatcher.wake()
    await dispatcher.close()
    expect(asked).toBe(before)
  })
})

it('row 52: events that several servers dispatch at once, also ones that were left behind, are told once', async () => {
  const { database, config } = server
  const runs = []
  for (let i = 0; i < 5; i++) runs.push(await scene.startRun())
  const before = { notices: await database.notice.count(), events: await database.teamEvent.count() }
  const dispatchers = Array.from({ length: 4 }, () =>
    dispatchTeamEvents({
      database,
      outbox: new Outbox(),
      config,
      log: { warn: () => {} } as never,
      onDeliveries: () => {},
      onNotices: () => {},
    }),
  )
  await Promise.all(runs.map(({ id }) => scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))))
  for (const { wake } of dispatchers) wake()
  await scene.settle()
  for (const { close } of dispatchers) await close()
  expect(await database.teamEvent.count()).toBe(before.events + 5)
  expect(await database.notice.count()).toBe(before.notices + 5)
})
