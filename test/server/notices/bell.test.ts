import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { succeed } from '../../../runs/transitions/index.ts'
import { dispatchTeamEvents } from '../../../server/notices/dispatch.ts'
import { makeKey } from '../make-key.ts'
import { Api, type Person, type TestServer } from '../test-server.ts'
import { NOTICES, type NoticeScene, OUTCOME, openNoticeScene } from './notice-scene.ts'

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

it('row 52: events that several servers dispatch at once, also ones that were left behind, are told once', async () => {
  const { database, config } = server
  const runs = []
  for (let i = 0; i < 5; i++) runs.push(await scene.startRun())
  const before = { notices: await database.notice.count(), events: await database.teamEvent.count() }
  const dispatchers = Array.from({ length: 4 }, () =>
    dispatchTeamEvents({
      database,
      outbox: { post: () => Promise.reject(new Error('nobody is mailed here')) } as never,
      config,
      log: { warn: () => {} } as never,
      onDeliveries: () => {},
    }),
  )
  await Promise.all(runs.map(({ id }) => scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))))
  for (const { wake } of dispatchers) wake()
  await scene.settle()
  for (const { close } of dispatchers) await close()
  expect(await database.teamEvent.count()).toBe(before.events + 5)
  expect(await database.notice.count()).toBe(before.notices + 5)
})
