import pg from 'pg'
import { CHANNELS } from '../../contract/run-events.ts'
import type { Logger } from '../../logging/open-log.ts'

const RECONNECT_MS = 1000

/** Hears at once when something is asked of a run; the heartbeat would notice it some seconds later. */
export class RunControl {
  readonly #databaseUrl: string
  readonly #log: Logger
  readonly #watchers = new Map<string, () => void>()
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(databaseUrl: string, log: Logger) {
    this.#databaseUrl = databaseUrl
    this.#log = log
  }

  /** Calls back whenever the run's row should be looked at, until the returned function is called. */
  watch(runId: string, onAsked: () => void): () => void {
    this.#watchers.set(runId, onAsked)
    return () => this.#watchers.delete(runId)
  }

  /** Begins to listen. A lost connection is made again; what was missed meanwhile is looked up. */
  async open(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#databaseUrl })
    this.#client = client
    client.on('notification', ({ payload }) => this.#watchers.get(payload ?? '')?.())
    client.on('error', (error) => this.#reopen(client, error))
    client.on('end', () => this.#reopen(client, new Error('the connection ended')))
    try {
      await client.connect()
      await client.query(`LISTEN ${CHANNELS.runControl}`)
      for (const onAsked of this.#watchers.values()) onAsked()
    } catch (error) {
      this.#reopen(client, error)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  #reopen(client: pg.Client, error: unknown): void {
    if (this.#closed || this.#client !== client) return
    this.#client = undefined
    this.#log.warn({ err: error }, 'no longer hears what is asked of runs; connecting again')
    client.end().catch(() => {})
    this.#timer = setTimeout(() => void this.open(), RECONNECT_MS)
  }
}
