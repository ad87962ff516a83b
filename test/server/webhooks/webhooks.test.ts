import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { WebhookSecrets } from '../../../server/webhooks/webhook-secrets.ts'
import { accountSteps } from '../account/account-steps.ts'
import { isSigned, WebhookScene } from './webhook-scene.ts'

let scene: WebhookScene
beforeAll(async () => {
  scene = await WebhookScene.open()
})
afterAll(() => scene.close())
afterEach(() => scene.clear())

describe('a webhook', () => {
  it('is told of the events that were chosen, signed, with what happened', async () => {
    const failed = await scene.create('/failed')
    await scene.create('/others', { kinds: ['RUN_SUCCEEDED'] })
    const number = await scene.failRun()
    await scene.comesTo(failed, 'DELIVERED')
    expect(scene.receiver.received.map(({ path }) => path)).toEqual(['/failed'])
    const [one] = scene.receiver.received
    expect(isSigned(one!, failed.secret)).toBe(true)
    expect(isSigned({ ...one!, body: `${one!.body} ` }, failed.secret)).toBe(false)
    expect(Math.abs(Date.now() / 1000 - Number(one!.headers['webhook-timestamp']))).toBeLessThan(60)
    const body = JSON.parse(one!.body)
    expect(body).toMatchObject({
      id: one!.headers['webhook-id'],
      type: 'run.failed',
      team: { id: scene.ada.teamId },
      url: expect.stringContaining(`/runs/${number}`),
      data: { run: { number }, failure: { code: 'NOT_FINITE' }, startedBy: { name: 'Ada' } },
    })
    expect(await scene.newest(failed)).toMatchObject({
      eventName: 'run.failed',
      body: one!.body,
      attempts: [{ number: 1, responseStatus: 204, failure: null }],
    })
  })

  it('in Slack’s format has a text in which names are shown as typed', async () => {
    const slack = await scene.create('/slack', { format: 'SLACK' })
    await scene.failRun('<!channel> *look* & <https://evil.example|here>')
    await scene.comesTo(slack, 'DELIVERED')
    const { text } = JSON.parse(scene.receiver.received[0]!.body)
    expect(text).toMatch(/Run \d+ failed/)
    expect(text).not.toMatch(/<!channel>|<https:\/\/evil/)
    expect(text).toMatch(/\n<http:\/\/localhost:3000\/[^|>]+\|Open>$/)
  })

  it('can be tried, and what was sent can be sent again, byte for byte', async () => {
    const made = await scene.create('/takes')
    const { webhookDelivery } = await scene.test(made)
    await scene.comesTo(made, 'DELIVERED')
    const input = { webhookDeliveryId: webhookDelivery.id }
    const again = await scene.ada.api.mutate('replayDelivery', input, 'webhookDelivery { id }')
    expect(again.errors).toEqual([])
    await expect.poll(() => scene.receiver.received.length).toBe(2)
    await expect
      .poll(() => scene.newest(made))
      .toMatchObject({ replayOfId: webhookDelivery.id, status: 'DELIVERED' })
    expect(scene.receiver.received[1]!.body).toBe(scene.receiver.received[0]!.body)
    expect(JSON.parse(scene.receiver.received[0]!.body)).toMatchObject({ type: 'test' })
  })

  it('signs by the old secret, too, for a day after it was replaced', async () => {
    const made = await scene.create('/takes')
    const { secret } = await scene.ada.api.mutate('rotateWebhookSecret', { webhookId: made.id }, 'secret')
    expect(secret).not.toBe(made.secret)
    await scene.test(made)
    await scene.comesTo(made, 'DELIVERED')
    expect([
      isSigned(scene.receiver.received[0]!, made.secret),
      isSigned(scene.receiver.received[0]!, secret),
    ]).toEqual([true, true])
    const previousSecretUntil = new Date(Date.now() - 1)
    await scene.server.database.webhook.update({ where: { id: made.id }, data: { previousSecretUntil } })
    await scene.test(made)
    await expect.poll(() => scene.receiver.received.length).toBe(2)
    expect([
      isSigned(scene.receiver.received[1]!, made.secret),
      isSigned(scene.receiver.received[1]!, secret),
    ]).toEqual([false, true])
  })

  it('has its secret replaced once a day, however many ask at once, or as soon as it cannot be read', async () => {
    const made = await scene.create('/takes')
    const rotate = () => scene.ada.api.mutate('rotateWebhookSecret', { webhookId: made.id }, 'secret')
    const answers = await Promise.all([rotate(), rotate(), rotate()])
    const codes = answers.flatMap(({ errors }) => errors.map(({ code }: { code: string }) => code))
    expect(codes).toEqual(['CONFLICT', 'CONFLICT'])
    const { stored } = new WebhookSecrets('another instance’s secret').make()
    await scene.server.database.webhook.update({ where: { id: made.id }, data: { secret: stored } })
    const { secret, errors } = await rotate()
    expect(errors).toEqual([])
    await scene.test(made)
    await scene.comesTo(made, 'DELIVERED')
    expect(isSigned(scene.receiver.received[0]!, secret)).toBe(true)
  })

  it('that is disabled is not told what was on its way', async () => {
    const made = await scene.create('/fails')
    await scene.test(made)
    await expect.poll(async () => (await scene.newest(made)).attempts).toHaveLength(1)
    const input = { webhookId: made.id, url: scene.receiver.url('/takes'), kinds: ['RUN_FAILED'] }
    await scene.ada.api.mutate('updateWebhook', { ...input, enabled: false })
    expect((await scene.newest(made)).status).toBe('FAILED')
    expect((await scene.ada.api.mutate('updateWebhook', { ...input, enabled: true })).errors).toEqual([])
    expect(scene.receiver.received).toHaveLength(1)
  })

  it('keeps no secret that a database tells', async () => {
    const { id, secret } = await scene.create('/takes')
    const row = await scene.server.database.webhook.findUniqueOrThrow({ where: { id } })
    const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64')
    expect(Buffer.from(row.secret, 'base64').includes(bytes)).toBe(false)
    const elsewhere = new WebhookSecrets('another instance’s secret')
    expect(elsewhere.canRead(row.secret)).toBe(false)
  })

  it('is tried thirty times an hour at most', async () => {
    const made = await scene.create('/takes')
    const answers = await Promise.all(Array.from({ length: 33 }, () => scene.test(made)))
    expect(answers.filter(({ errors }) => errors[0]?.code === 'LIMIT_EXCEEDED')).toHaveLength(3)
  })

  it('is one of ten at most, and told only of what there is', async () => {
    const create = (input: object = {}) =>
      scene.ada.api.mutate('createWebhook', {
        teamId: scene.ada.teamId,
        url: 'https://hooks.example.org/',
        kinds: ['RUN_FAILED'],
        ...input,
      })
    const answers = await Promise.all(Array.from({ length: 13 }, () => create()))
    expect(answers.filter(({ errors }) => errors[0]?.code === 'LIMIT_EXCEEDED')).toHaveLength(3)
    expect((await create({ kinds: [] })).errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['kinds'] })
    expect((await create({ kinds: ['WEBHOOK_DISABLED'] })).errors[0].path).toEqual(['kinds'])
  })
})

describe('row 41: an address', () => {
  it.each([
    'https://10.0.0.1/',
    'https://[::1]/',
    'http://hooks.example.org/',
    'nowhere',
    'https://a:b@example.org/',
  ])('%s is refused as it is entered', async (url) => {
    const input = { teamId: scene.ada.teamId, url, kinds: ['RUN_FAILED'] }
    const { errors } = await scene.ada.api.mutate('createWebhook', input)
    expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['url'] }])
  })

  it('that grows too long once it is written as addresses are is refused, and not cut', async () => {
    const url = `https://hooks.example.org/${'ü'.repeat(700)}`
    const input = { teamId: scene.ada.teamId, url, kinds: ['RUN_FAILED'] }
    const { errors } = await scene.ada.api.mutate('createWebhook', input)
    expect(errors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['url'], message: expect.stringContaining('4226') },
    ])
  })

  it('whose name leads inside is refused when it is connected to, and the log says so', async () => {
    const made = await scene.create('/takes')
    const url = `https://localhost:${scene.receiver.port}/takes`
    await scene.server.database.webhook.update({ where: { id: made.id }, data: { url } })
    const before = scene.receiver.connections
    await scene.test(made)
    await expect
      .poll(async () => (await scene.newest(made)).attempts)
      .toMatchObject([{ failure: expect.any(String) }])
    expect(scene.receiver.connections).toBe(before)
  })
})

describe('a person who deletes their account', () => {
  const canceledRun = (teamId: string, userId: string) => {
    const dataset = { id: 'dataset', name: 'Digits', version: 1 }
    const run = { run: { id: 'run', number: 1 }, cohort: { id: 'cohort', name: 'Pair' }, dataset }
    const data = { ...run, experiment: null, startedBy: { id: userId, name: 'Walter' }, seconds: 1 }
    return { id: newId('TeamEvent'), teamId, kind: 'RUN_CANCELED' as const, data }
  }

  it('is named neither by what the team was told of it nor by what webhooks were, and gets no mail', async () => {
    const { server, ada } = scene
    const { database } = server
    const { teamId } = ada
    const kinds = ['MEMBER_JOINED', 'RUN_CANCELED']
    for (const format of ['STUDYHALL', 'SLACK']) await scene.create(`/${format}`, { kinds, format })
    const walter = await server.signUp('Walter')
    const { url } = await ada.api.mutate('createInvitation', { teamId, role: 'MEMBER' }, 'url')
    await walter.api.mutate('acceptInvitation', { token: url.split('#')[1] })
    await database.teamEvent.create({ data: canceledRun(teamId, walter.userId) })
    const delivered = () => database.webhookDelivery.findMany({ where: { teamId, status: 'DELIVERED' } })
    await expect.poll(delivered).toHaveLength(4)
    const { post, mailTo } = accountSteps(server)
    await post('request-password-reset', { email: walter.account.email })
    const kept = async () =>
      JSON.stringify([await database.teamEvent.findMany({ where: { teamId } }), await delivered()])
    expect(await kept()).toContain('Walter')
    expect(await mailTo(walter.account.email)).toBeDefined()

    const { password } = walter.account
    expect((await walter.api.mutate('deleteAccount', { password })).errors).toEqual([])
    expect(await kept()).not.toContain('Walter')
    expect(await kept()).toContain('Deleted account joined')
    expect(await mailTo(walter.account.email)).toBeUndefined()
  })
})
