import { idsFrom, newId } from '../../contract/ids.ts'
import { readTeamEvent } from '../../contract/team-event-words.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database, Team, TeamEvent, Transaction } from '../../prisma/client.ts'
import { recordExperimentFinished } from '../../runs/team-events.ts'
import { writeNotice } from '../mail/letters.ts'
import type { Outbox } from '../mail/outbox.ts'
import { writeDelivery } from '../webhooks/write-delivery.ts'
import { findAudience, type Told } from './audience.ts'

/** Events are announced; this is for announcements that were lost. */
const POLL_MS = 5_000
const EVENTS_AT_ONCE = 20
const MAIL_VALID_MS = 7 * 24 * 3_600_000
const FORGET_EVERY_MS = 3_600_000
const KEPT_DAYS = 90

interface DispatchOptions {
  database: Database
  outbox: Outbox
  config: { publicOrigin: string }
  log: Logger
  /** Called when there are deliveries to make. */
  onDeliveries: () => void
}

export interface Dispatcher {
  /** To be called when there may be events. */
  wake(): void
  close(): Promise<void>
}

/**
 * Makes of every team event the notices of those who want to be told, their mails and the deliveries to webhooks, in the
 * transaction that marks it as dispatched: whatever dies in between, each is made once.
 */
export function dispatchTeamEvents(options: DispatchOptions): Dispatcher {
  const { database, log } = options
  let running: Promise<void> | null = null
  let again = false
  let forgottenAt = 0
  const all = async () => {
    do {
      again = false
      while ((await dispatchSome(options)) === EVENTS_AT_ONCE);
    } while (again)
    if (Date.now() - forgottenAt < FORGET_EVERY_MS) return
    forgottenAt = Date.now()
    await forgetOld(database)
  }
  const wake = () => {
    again = true
    running ??= all()
      .catch((error) => log.warn({ err: error }, 'team events could not be dispatched; trying again'))
      .finally(() => {
        running = null
      })
  }
  const timer = setInterval(wake, POLL_MS)
  wake()
  return {
    wake,
    async close() {
      clearInterval(timer)
      await running
    },
  }
}

/** @returns how many events were dispatched */
async function dispatchSome({ database, outbox, config, onDeliveries }: DispatchOptions): Promise<number> {
  let deliveries = 0
  const count = await database.$transaction(async (tx) => {
    const events = await tx.$queryRaw<TeamEvent[]>`
      SELECT * FROM "TeamEvent" WHERE "dispatchedAt" IS NULL ORDER BY id
      LIMIT ${EVENTS_AT_ONCE} FOR UPDATE SKIP LOCKED`
    for (const event of events) deliveries += await dispatch(tx, outbox, config.publicOrigin, event)
    const ids = events.map(({ id }) => id)
    await tx.teamEvent.updateMany({ where: { id: { in: ids } }, data: { dispatchedAt: new Date() } })
    return events.length
  })
  if (deliveries > 0) onDeliveries()
  return count
}

/** @returns how many deliveries there are to make */
async function dispatch(tx: Transaction, outbox: Outbox, origin: string, event: TeamEvent): Promise<number> {
  const team = await tx.team.findUniqueOrThrow({ where: { id: event.teamId } })
  await followUp(tx, event)
  const audience = await findAudience(tx, event)
  await addToBells(tx, event, audience)
  await postMails(tx, outbox, origin, { event, team, audience })
  return addDeliveries(tx, origin, { event, team })
}

/** The last of an experiment's runs ends the experiment. */
async function followUp(tx: Transaction, event: TeamEvent): Promise<void> {
  const { data } = readTeamEvent(event)
  if (event.kind !== 'RUN_PAUSED' && 'experiment' in data && data.experiment && 'run' in data)
    await recordExperimentFinished(tx, data.experiment.id)
}

async function addToBells(tx: Transaction, { id, teamId }: TeamEvent, audience: Told[]): Promise<void> {
  const inPage = audience.filter(({ channels }) => channels.has('PAGE') || channels.has('BROWSER'))
  if (inPage.length === 0) return
  await tx.notice.createMany({
    data: inPage.map(({ userId, channels }) => {
      return { id: newId('Notice'), userId, teamId, eventId: id, inBrowser: channels.has('BROWSER') }
    }),
    skipDuplicates: true,
  })
}

interface Dispatched {
  event: TeamEvent
  team: Team
}

async function postMails(
  tx: Transaction,
  outbox: Outbox,
  origin: string,
  { event, team, audience }: Dispatched & { audience: Told[] },
): Promise<void> {
  const { title, detail, path } = readTeamEvent(event).words
  const expiresAt = new Date(event.createdAt.getTime() + MAIL_VALID_MS)
  const facts = { team: team.name, title, detail, url: `${origin}/${team.slug}${path}` }
  const letter = writeNotice({ ...facts, choicesUrl: `${origin}/account`, expiresAt })
  for (const { channels, email } of audience) if (channels.has('MAIL')) await outbox.post(tx, email, letter)
}

async function addDeliveries(tx: Transaction, origin: string, { event, team }: Dispatched): Promise<number> {
  const webhooks = await tx.webhook.findMany({
    where: { teamId: team.id, kinds: { has: event.kind }, disabledAt: null },
  })
  if (webhooks.length === 0) return 0
  await tx.webhookDelivery.createMany({
    data: webhooks.map((webhook) => writeDelivery(webhook, { event, team, origin })),
    skipDuplicates: true,
  })
  return webhooks.length
}

async function forgetOld(database: Database): Promise<void> {
  const before = new Date(Date.now() - KEPT_DAYS * 24 * 3_600_000)
  await database.teamEvent.deleteMany({ where: { createdAt: { lt: before }, dispatchedAt: { not: null } } })
  await database.webhookDelivery.deleteMany({
    where: { id: { lt: idsFrom('WebhookDelivery', before) }, status: { not: 'PENDING' } },
  })
}
