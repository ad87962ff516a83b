import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { deliverToWebhooks } from '../../../server/webhooks/deliver.ts'
import { noteAttempt } from '../../../server/webhooks/note-attempt.ts'
import { WebhookSecrets } from '../../../server/webhooks/webhook-secrets.ts'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const teamId = newId('Team')
const secrets = new WebhookSecrets('the secret of this instance')

let test: TestDatabase
let receiver: Receiver
beforeAll(async () => {
  test = await createTestDatabase()
  receiver = await startReceiver()
  await test.database.team.create({ data: { id: teamId, slug: 'team', name: 'Team' } })
})
afterAll(async () => {
  await receiver.stop()
  await test.drop()
})
afterEach(() => test.database.webhook.deleteMany())

/** A delivery that is due to a webhook at a path of the receiver. */
async function insertDelivery(path: string, webhook: object = {}) {
  const data = { id: newId('Webhook'), teamId, url: receiver.url(path), format: 'STUDYHALL' as const }
  const { stored: secret } = secrets.make()
  const { id: webhookId } = await test.database.webhook.create({
    data: { ...data, kinds: ['RUN_FAILED'], secret, ...webhook },
  })
  const due = { id: newId('WebhookDelivery'), teamId, webhookId, eventName: 'test', body: '{}' }
  return test.database.webhookDelivery.create({ data: due })
}

const deliver = (timeoutMs = 600_000) =>
  deliverToWebhooks({
    database: test.database,
    secrets,
    rules: { privateHosts: ['127.0.0.1'], timeoutMs },
    log: { warn: () => {} } as never,
  })
const read = ({ id }: { id: string }) =>
  test.database.webhookDelivery.findUniqueOrThrow({
    where: { id },
    include: { log: true, webhook: true },
  })

describe('a delivery', () => {
  it('that hangs keeps no server from its end, and is due again as if it had not been tried', async () => {
    const delivery = await insertDelivery('/hangs')
    const { close } = deliver()
    await expect.poll(() => receiver.received.length).toBe(1)
    await close()
    const { status, attempts, nextAttemptAt, log } = await read(delivery)
    expect({ status, attempts, log }).toEqual({ status: 'PENDING', attempts: 0, log: [] })
    expect(nextAttemptAt.getTime()).toBeLessThanOrEqual(Date.now())
  })

  it('whose secret was stored under another AUTH_SECRET fails, and says what to do', async () => {
    const { stored: secret } = new WebhookSecrets('of another instance').make()
    const delivery = await insertDelivery('/takes', { secret })
    const { close } = deliver()
    await expect.poll(async () => (await read(delivery)).log).toHaveLength(1)
    await close()
    const { log, webhook } = await read(delivery)
    expect(log).toMatchObject([{ failure: expect.stringContaining('Replace the secret') }])
    expect(webhook.failingSince).not.toBeNull()
  })

  it('is signed by the new secret alone where the one before it cannot be read', async () => {
    const { stored: previousSecret } = new WebhookSecrets('of another instance').make()
    const previousSecretUntil = new Date(Date.now() + 3_600_000)
    const delivery = await insertDelivery('/takes', { previousSecret, previousSecretUntil })
    const { close } = deliver()
    await expect.poll(async () => (await read(delivery)).status).toBe('DELIVERED')
    await close()
    expect(String(receiver.received.at(-1)?.headers['webhook-signature']).split(' ')).toHaveLength(1)
  })

  it('to a webhook that was disabled meanwhile is given up unposted', async () => {
    const before = receiver.received.length
    const delivery = await insertDelivery('/takes', { disabledAt: new Date() })
    const { close } = deliver()
    await expect.poll(async () => (await read(delivery)).status).toBe('FAILED')
    await close()
    expect(receiver.received.length).toBe(before)
  })

  it('that fails while its webhook is deleted waits for that', async () => {
    const delivery = await insertDelivery('/fails')
    const facts = { startedAt: new Date(), answered: null, failure: 'It answered 500.' }
    let noting: Promise<void> | undefined
    await test.database.$transaction(async (tx) => {
      const { webhookId: id } = delivery
      await tx.$queryRaw`SELECT id FROM "Webhook" WHERE id = ${id} FOR UPDATE`
      noting = noteAttempt(test.database, delivery, facts)
      const waiting = () => test.database.$queryRaw<unknown[]>`
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      await expect.poll(waiting).toHaveLength(1)
      await tx.webhook.deleteMany({ where: { id } })
    })
    await noting
    expect(await test.database.webhookDelivery.count()).toBe(0)
  })
})
