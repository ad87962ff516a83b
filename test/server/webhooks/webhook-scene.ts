import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { lockRun } from '../../../runs/locked-run.ts'
import { fail } from '../../../runs/transitions/index.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { type Received, type Receiver, startReceiver } from './receiver.ts'

export interface Made {
  id: string
  secret: string
}

const LOG = `query ($id: ID!) { node(id: $id) { ... on Webhook { failingSince disabledAt deliveries { nodes {
  id eventName status replayOfId nextAttemptAt body
  attempts { number milliseconds responseStatus responseBody failure } } } } } }`

/** A team's webhooks, and a receiver on this machine, which is allowed. */
export class WebhookScene {
  readonly server: TestServer
  readonly receiver: Receiver
  readonly ada: Person

  private constructor(server: TestServer, receiver: Receiver, ada: Person) {
    this.server = server
    this.receiver = receiver
    this.ada = ada
  }

  static async open(): Promise<WebhookScene> {
    const receiver = await startReceiver()
    const server = await startTestServer({ webhooks: { privateHosts: ['127.0.0.1'], timeoutMs: 500 } })
    return new WebhookScene(server, receiver, await server.signUp())
  }

  async close(): Promise<void> {
    await this.server.stop()
    await this.receiver.stop()
  }

  async clear(): Promise<void> {
    this.receiver.received.length = 0
    await this.server.database.webhook.deleteMany()
  }

  /** A webhook to a path of the receiver. */
  async create(path: string, input: object = {}): Promise<Made> {
    const all = { teamId: this.ada.teamId, url: this.receiver.url(path), kinds: ['RUN_FAILED'], ...input }
    const made = await this.ada.api.mutate('createWebhook', all, 'secret webhook { id }')
    expect(made.errors).toEqual([])
    return { id: made.webhook.id, secret: made.secret }
  }

  test({ id }: Made) {
    return this.ada.api.mutate('sendTestEvent', { webhookId: id }, 'webhookDelivery { id body status }')
  }

  async log({ id }: Made) {
    return (await this.ada.api.ask(LOG, { id })).node
  }

  async newest(made: Made) {
    return (await this.log(made)).deliveries.nodes[0]
  }

  /** The newest delivery comes to a state. */
  async comesTo(made: Made, status: 'DELIVERED' | 'FAILED'): Promise<void> {
    await expect.poll(() => this.newest(made)).toMatchObject({ status })
  }

  /** The next attempt is due now, and looked for. */
  async comeDue({ id }: Made): Promise<void> {
    const { database } = this.server
    const data = { nextAttemptAt: new Date() }
    await database.webhookDelivery.updateMany({ where: { webhookId: id, status: 'PENDING' }, data })
    const { url } = await database.webhook.findUniqueOrThrow({ where: { id } })
    await this.ada.api.mutate('updateWebhook', { webhookId: id, url, kinds: ['RUN_FAILED'], enabled: true })
  }

  /** @returns the number of a run that has failed */
  async failRun(message = 'The loss is not finite.'): Promise<number> {
    const { database } = this.server
    const { versionId } = await insertVersion(database, this.ada)
    const { cohortId } = await insertCohort(database, this.ada)
    const id = await insertRun(database, this.ada, { cohortId, versionId })
    await moveRun(database, id, ['STARTING', 'RUNNING'])
    await database.$transaction(async (tx) =>
      fail(tx, await lockRun(tx, id), { code: 'NOT_FINITE', message }),
    )
    return (await database.run.findUniqueOrThrow({ where: { id } })).number
  }
}

/** As Standard Webhooks has it. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(signature)
}
