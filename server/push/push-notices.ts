import { readTeamEvent } from '../../contract/notices/team-event-words.ts'
import { toStorable } from '../../contract/text.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database, PushSubscription } from '../../prisma/client.ts'
import { OutwardError, type OutwardRules, postOutward } from '../webhooks/post-outward.ts'
import { encryptPush } from './encrypt-push.ts'
import { openTurns } from './turns.ts'
import type { VapidKey } from './vapid-key.ts'

/** How long a push service keeps what a browser that is off has not fetched. */
const KEPT_SECONDS = 24 * 3600
/** With the path, however they are written in JSON, what fits into one message. */
const MAX_TITLE_CHARACTERS = 150
const MAX_DETAIL_CHARACTERS = 300
/** The push service knows the browser no more (RFC 8030, 7.3). */
const GONE = [404, 410]

interface PushOptions {
  database: Database
  key: VapidKey
  rules: OutwardRules
  log: Logger
}

export interface Pusher {
  /** Sends an event's notices to the browsers of those who want them by the browser; to be called once they are committed. */
  push(eventId: string): void
  close(): Promise<void>
}

/** Each notice is sent once and not again where it fails: it stands in the page anyway. */
export function openPusher(given: PushOptions): Pusher {
  const stopping = new AbortController()
  const options = { ...given, rules: { ...given.rules, stop: stopping.signal } }
  const onError = (error: unknown) => given.log.warn({ err: error }, 'a notice could not be pushed')
  const turns = openTurns(onError)
  const reading = new Set<Promise<void>>()
  return {
    push(eventId) {
      const read = readMessages(given.database, eventId)
        .then((messages) => {
          for (const { subscription, message } of messages)
            if (!turns.add(subscription.userId, () => send(options, subscription, message)))
              given.log.info({ user: subscription.userId }, 'a notice was not pushed: too many wait')
        })
        .catch(onError)
        .finally(() => reading.delete(read))
      reading.add(read)
    },
    async close() {
      stopping.abort()
      await Promise.all(reading)
      await turns.close()
    },
  }
}

async function readMessages(database: Database, eventId: string) {
  const notices = await database.notice.findMany({
    where: { eventId, inBrowser: true, user: { suspendedAt: null, pushSubscriptions: { some: {} } } },
    include: {
      event: true,
      team: true,
      user: { select: { pushSubscriptions: { where: { session: { expiresAt: { gt: new Date() } } } } } },
    },
  })
  return notices.flatMap(({ id, event, team, user }) => {
    const words = readTeamEvent(event).words
    const title = toStorable(words.title, MAX_TITLE_CHARACTERS)
    const body = toStorable(words.detail, MAX_DETAIL_CHARACTERS)
    const message = JSON.stringify({ id, title, body, path: `/${team.slug}${words.path}` })
    return user.pushSubscriptions.map((subscription) => ({ subscription, message }))
  })
}

async function send(
  { database, key, rules, log }: PushOptions,
  { sessionId, userId, endpoint }: PushSubscription,
  message: string,
): Promise<void> {
  // Whoever has signed out while it waited is sent no more.
  const keys = await database.pushSubscription.findFirst({ where: { sessionId, userId, endpoint } })
  if (!keys) return
  const url = new URL(endpoint)
  const headers = {
    authorization: key.authorize(url, new Date()),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    ttl: String(KEPT_SECONDS),
    urgency: 'normal',
  }
  try {
    const body = encryptPush(message, keys)
    const { status } = await postOutward(url, { headers, body }, rules)
    if (GONE.includes(status)) await database.pushSubscription.deleteMany({ where: { sessionId, endpoint } })
    else if (status >= 300) log.info({ status, host: url.host }, 'a push service did not take a notice')
  } catch (error) {
    if (!(error instanceof OutwardError)) throw error
    log.info({ reason: error.message, host: url.host }, 'a push service was not reached')
  }
}
