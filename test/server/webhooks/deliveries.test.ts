import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { deliverToWebhooks } from '../../../server/webhooks/deliver.ts'
import { retryMs } from '../../../server/webhooks/note-attempt.ts'
import { WebhookSecrets } from '../../../server/webhooks/webhook-secrets.ts'
import type { Person } from '../test-server.ts'
import { WebhookScene } from './webhook-scene.ts'

let scene: WebhookScene
beforeAll(async () => {
  scene = await WebhookScene.open()
})
afterAll(() => scene.close())
afterEach(() => scene.clear())

describe('row 66: a receiver', () => {
  it.each([
    ['/fails', { responseStatus: 500, responseBody: 'no <b>today</b>', failure: 'It answered 500.' }],
    ['/hangs', { responseStatus: null, failure: 'No answer within 0.5 s.' }],
    ['/inward', { responseStatus: 307, failure: expect.stringContaining('Redirects are not followed') }],
  ])('at %s is tried again later, and taken once it works', async (path, attempt) => {
    const made = await scene.create(path)
    await scene.test(made)
    await expect.poll(async () => (await scene.newest(made)).attempts).toMatchObject([attempt])
    const { nextAttemptAt, status } = await scene.newest(made)
    expect(status).toBe('PENDING')
    expect(new Date(nextAttemptAt).getTime() - Date.now()).toBeGreaterThan(0)
    expect((await scene.log(made)).failingSince).not.toBeNull()
    const url = scene.receiver.url('/takes')
    await scene.server.database.webhook.update({ where: { id: made.id }, data: { url } })
    await scene.comeDue(made)
    await scene.comesTo(made, 'DELIVERED')
    expect((await scene.newest(made)).attempts).toMatchObject([attempt, { number: 2, responseStatus: 204 }])
    expect((await scene.log(made)).failingSince).toBeNull()
  })

  it('is waited for longer after every failure, up to hours, and for a day', () => {
    const waits = Array.from({ length: 12 }, (_, i) => retryMs(i + 1) / 1000)
    expect(waits[0]).toBeGreaterThanOrEqual(5)
    expect(waits[0]).toBeLessThan(6)
    for (const [i, wait] of waits.entries()) if (i > 0 && i < 7) expect(wait).toBeGreaterThan(waits[i - 1]!)
    expect(Math.max(...waits)).toBeLessThanOrEqual(4 * 3600 * 1.1)
  })

  it('that failed for a day is given up: the webhook is disabled, and the admins are told', async () => {
    const viewer = await scene.server.signUp('Vi')
    const member = {
      id: newId('Member'),
      teamId: scene.ada.teamId,
      userId: viewer.userId,
      role: 'VIEWER',
    } as const
    await scene.server.database.member.create({ data: member })
    const made = await scene.create('/fails')
    await scene.test(made)
    await expect.poll(async () => (await scene.newest(made)).attempts).toHaveLength(1)
    const dayAgo = new Date(Date.now() - 24.1 * 3_600_000)
    await scene.server.database.webhookDelivery.updateMany({
      where: { webhookId: made.id },
      data: { createdAt: dayAgo },
    })
    await scene.server.database.webhook.update({ where: { id: made.id }, data: { failingSince: dayAgo } })
    await scene.comeDue(made)
    await scene.comesTo(made, 'FAILED')
    expect((await scene.log(made)).disabledAt).not.toBeNull()
    const titles = async ({ api }: Person) => {
      const { viewer } = await api.ask('{ viewer { notices { nodes { title path } } } }')
      return viewer.notices.nodes
    }
    const told = { title: `The webhook to 127.0.0.1:${scene.receiver.port} was disabled` }
    await expect
      .poll(async () => (await titles(scene.ada))[0])
      .toMatchObject({ ...told, path: expect.stringMatching(made.id) })
    expect(await titles(viewer)).toEqual([])
    const mails = { to: scene.ada.account.email, subject: { contains: 'was disabled' } }
    expect(await scene.server.database.mail.count({ where: mails })).toBe(1)
    expect((await scene.test(made)).errors[0].code).toBe('CONFLICT')
    await scene.failRun()
    await expect.poll(() => scene.server.database.teamEvent.count({ where: { dispatchedAt: null } })).toBe(0)
    await scene.comeDue(made)
    await scene.server.database.webhook.update({
      where: { id: made.id },
      data: { url: scene.receiver.url('/takes') },
    })
    await scene.test(made)
    await scene.comesTo(made, 'DELIVERED')
    const names = (await scene.log(made)).deliveries.nodes.map((one: { eventName: string }) => one.eventName)
    expect(names).toEqual(['test', 'test'])
  })

  it('that hangs delays no other', async () => {
    const hanging = await scene.create('/hangs')
    const good = await scene.create('/takes')
    for (let i = 0; i < 5; i++) await scene.test(hanging)
    await scene.test(good)
    await scene.comesTo(good, 'DELIVERED')
    const attempted = (await scene.log(hanging)).deliveries.nodes.filter(
      ({ attempts }: { attempts: unknown[] }) => attempts.length > 0,
    )
    expect(attempted.length).toBeLessThan(5)
  })
})

it('row 52: a delivery that several servers see is posted once', async () => {
  const made = await scene.create('/takes')
  const { database, config } = scene.server
  const secrets = new WebhookSecrets(config.authSecret)
  const options = { database, secrets, rules: config.webhooks, log: { warn: () => {} } as never }
  const others = [deliverToWebhooks(options), deliverToWebhooks(options), deliverToWebhooks(options)]
  await Promise.all(Array.from({ length: 10 }, () => scene.test(made)))
  for (const { wake } of others) wake()
  await expect
    .poll(async () =>
      (await scene.log(made)).deliveries.nodes.map(({ status }: { status: string }) => status),
    )
    .toEqual(Array.from({ length: 10 }, () => 'DELIVERED'))
  for (const { close } of others) await close()
  const ids = scene.receiver.received.map(({ headers }) => headers['webhook-id'])
  expect([ids.length, new Set(ids).size]).toEqual([10, 10])
})
