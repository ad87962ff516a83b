import { idsFrom } from '../../contract/ids.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database, TeamEvent, Transaction } from '../../prisma/client.ts'
import type { Outbox } from '../mail/outbox.ts'
import { type Repeated, repeat } from '../repeat.ts'
import { MAIL_HOUR_MS } from './limit-mails.ts'
import { tell } from './tell.ts'

/** Events are announced; this is for announcements that were lost. */
const POLL_MS = 5_000
/** One that fails so often, with waits of 5 s to 20 minutes, is passed over. */
const MOST_FAILURES = 6
const FIRST_RETRY_MS = 5_000
const FORGET_EVERY_MS = 3_600_000
const KEPT_DAYS = 90

interface DispatchOptions {
  database: Database
  outbox: Outbox
  config: { publicOrigin: string }
  log: Logger
  /** Called when there are deliveries to make. */
  onDeliveries: () => void
  /** Called with an event whose notices are committed. */
  onNotices: (eventId: string) => void
}

/**
 * Makes of every team event the notices of those who want to be told, their mails and the deliveries to webhooks, in the
 * transaction that marks it as dispatched: whatever dies in between, each is made once. One that fails keeps no other.
 */
export function dispatchTeamEvents(options: DispatchOptions): Repeated {
  const { database, log } = options
  let forgottenAt = 0
  return repeat(
    POLL_MS,
    async (isClosed) => {
      while (!isClosed() && (await dispatchNext(options)));
      if (isClosed() || Date.now() - forgottenAt < FORGET_EVERY_MS) return
      forgottenAt = Date.now()
      await forgetOld(database)
    },
    (error) => log.warn({ err: error }, 'team events could not be dispatched; trying again'),
  )
}

/** @returns whether there was an event */
async function dispatchNext(options: DispatchOptions): Promise<boolean> {
  const { database, outbox, config, onDeliveries, onNotices } = options
  const claimed: TeamEvent[] = []
  try {
    const deliveries = await database.$transaction(async (tx) => {
      const event = await claimNext(tx)
      if (!event) return 0
      claimed.push(event)
      const count = await tell(tx, outbox, config.publicOrigin, event)
      await tx.teamEvent.update({ where: { id: event.id }, data: { dispatchedAt: new Date() } })
      return count
    })
    if (deliveries > 0) onDeliveries()
    for (const { id } of claimed) onNotices(id)
  } catch (error) {
    const [event] = claimed
    if (!event) throw error
    await noteFailure(options, event, error)
  }
  return claimed.length > 0
}

async function claimNext(tx: Transaction): Promise<TeamEvent | undefined> {
  const [event] = await tx.$queryRaw<TeamEvent[]>`
    SELECT * FROM "TeamEvent"
    WHERE "dispatchedAt" IS NULL AND ("nextDispatchAt" IS NULL OR "nextDispatchAt" <= now())
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`
  return event
}

/** After its transaction has been undone. */
async function noteFailure(
  { database, log }: DispatchOptions,
  { id, kind, dispatchFailures: before }: TeamEvent,
  error: unknown,
): Promise<void> {
  const dispatchFailures = before + 1
  const isOver = dispatchFailures >= MOST_FAILURES
  const nextDispatchAt = new Date(Date.now() + FIRST_RETRY_MS * 4 ** before)
  const next = isOver ? { dispatchedAt: new Date() } : { nextDispatchAt }
  await database.teamEvent.updateMany({ where: { id }, data: { dispatchFailures, ...next } })
  const facts = { err: error, event: id, kind, dispatchFailures }
  if (isOver) log.error(facts, 'a team event is passed over: nobody is told of it')
  else log.warn(facts, 'a team event could not be dispatched; trying it again later')
}

async function forgetOld(database: Database): Promise<void> {
  const before = new Date(Date.now() - KEPT_DAYS * 24 * 3_600_000)
  await database.teamEvent.deleteMany({ where: { createdAt: { lt: before }, dispatchedAt: { not: null } } })
  await database.webhookDelivery.deleteMany({
    where: { id: { lt: idsFrom('WebhookDelivery', before) }, status: { not: 'PENDING' } },
  })
  const hourAgo = new Date(Date.now() - MAIL_HOUR_MS)
  await database.noticeMail.deleteMany({ where: { createdAt: { lt: hourAgo } } })
}
