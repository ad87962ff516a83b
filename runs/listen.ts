import pg from 'pg'
import type { Logger } from '../logging/open-log.ts'
import { channelOf, type Notification, type NotificationKind, readNotification } from './notifications.ts'

const RETRY_MS = 200
const HEARTBEAT_MS = 10_000
const ANSWER_TIMEOUT_MS = 5_000

export interface ListenOptions<Kind extends NotificationKind> {
  databaseUrl: string
  kinds: readonly Kind[]
  onNotification: (notification: Extract<Notification, { kind: Kind }>) => void
  /**
   * Called after every (re)connection, once LISTEN is in effect. Notifications sent while disconnected are
   * lost, so callers catch up from the rows.
   */
  onListening: () => void
  log: Logger
}

/**
 * The process's single LISTEN connection. It reconnects indefinitely when the connection breaks; a heartbeat
 * detects connections that broke silently.
 */
export class ListenClient<Kind extends NotificationKind> {
  readonly #options: ListenOptions<Kind>
  #client: pg.Client | null = null
  #retry: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout
  #closed = false

  private constructor(options: ListenOptions<Kind>) {
    this.#options = options
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS)
  }

  /**
   * Resolves once LISTEN is in effect.
   * @throws if the first connection attempt fails
   */
  static async open<Kind extends NotificationKind>(
    options: ListenOptions<Kind>,
  ): Promise<ListenClient<Kind>> {
    const listener = new ListenClient(options)
    try {
      await listener.#connect()
    } catch (error) {
      await listener.close()
      throw error
    }
    return listener
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    clearInterval(this.#heartbeat)
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    const { databaseUrl, kinds, onListening } = this.#options
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'studyhall-listen',
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    })
    client.on('error', () => this.#onLost(client))
    client.on('end', () => this.#onLost(client))
    client.on('notification', ({ channel, payload }) => this.#dispatch(channel, payload ?? ''))
    await client.connect()
    for (const kind of kinds) await client.query(`LISTEN ${pg.escapeIdentifier(channelOf(kind))}`)
    if (this.#closed) return void (await client.end())
    this.#client = client
    onListening()
  }

  #dispatch(channel: string, payload: string): void {
    const { kinds, onNotification } = this.#options
    const notification = readNotification(channel, payload)
    const isSubscribed = (one: Notification): one is Extract<Notification, { kind: Kind }> =>
      (kinds as readonly NotificationKind[]).includes(one.kind)
    if (notification && isSubscribed(notification)) onNotification(notification)
  }

  #onLost(client: pg.Client): void {
    if (client !== this.#client || this.#closed) return
    this.#client = null
    client.end().catch(() => {})
    this.#options.log.warn('the listening connection to PostgreSQL is lost; connecting again')
    this.#scheduleReconnect()
  }

  /**
   * Retries on a timer that `close` clears. A listener lives as long as its process, so there is no retry
   * limit.
   */
  #scheduleReconnect(): void {
    this.#retry = setTimeout(() => {
      this.#connect().then(
        () => this.#options.log.info('listening to PostgreSQL again'),
        () => this.#closed || this.#scheduleReconnect(),
      )
    }, RETRY_MS)
  }

  async #beat(): Promise<void> {
    const client = this.#client
    if (!client) return
    const timeout = setTimeout(() => this.#onLost(client), ANSWER_TIMEOUT_MS)
    await client.query('SELECT 1').catch(() => this.#onLost(client))
    clearTimeout(timeout)
  }
}
