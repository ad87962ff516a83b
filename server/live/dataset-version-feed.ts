import type { Logger } from '../../logging/open-log.ts'
import type { Database, DatasetVersion } from '../../prisma/client.ts'
import { Mailbox } from './mailbox.ts'

/** Only a version's latest state matters, so slow readers need little buffering. */
const MAILBOX_VERSIONS = 16

interface Topic {
  mailboxes: Set<Mailbox<DatasetVersion>>
  reading: boolean
  again: boolean
}

/** Streams the states of dataset versions to clients that wait for an import. */
export class DatasetVersionFeed {
  readonly #database: Database
  readonly #log: Logger
  readonly #topics = new Map<string, Topic>()

  constructor(database: Database, log: Logger) {
    this.#database = database
    this.#log = log
  }

  notify(id: string): void {
    const topic = this.#topics.get(id)
    if (topic) void this.#read(id, topic)
  }

  notifyAll(): void {
    for (const [id, topic] of this.#topics) void this.#read(id, topic)
  }

  /** Yields the version now and whenever it changes; ends when it is READY or FAILED. */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<DatasetVersion> {
    while (!signal.aborted) {
      const mailbox = this.#join(id)
      const release = () => mailbox.close()
      signal.addEventListener('abort', release, { once: true })
      try {
        for (let taken = await mailbox.take(); typeof taken !== 'string'; taken = await mailbox.take()) {
          const newest = taken.at(-1)
          if (!newest) continue
          yield newest
          if (newest.status === 'READY' || newest.status === 'FAILED') return
        }
      } finally {
        signal.removeEventListener('abort', release)
        this.#leave(id, mailbox)
      }
    }
  }

  /** Joining triggers a read of the row, so that the reader first gets the current state. */
  #join(id: string): Mailbox<DatasetVersion> {
    const topic = this.#topics.get(id) ?? { mailboxes: new Set(), reading: false, again: false }
    this.#topics.set(id, topic)
    const mailbox = new Mailbox<DatasetVersion>(MAILBOX_VERSIONS)
    topic.mailboxes.add(mailbox)
    void this.#read(id, topic)
    return mailbox
  }

  #leave(id: string, mailbox: Mailbox<DatasetVersion>): void {
    const topic = this.#topics.get(id)
    topic?.mailboxes.delete(mailbox)
    if (topic?.mailboxes.size === 0) this.#topics.delete(id)
  }

  async #read(id: string, topic: Topic): Promise<void> {
    topic.again = true
    if (topic.reading) return
    topic.reading = true
    try {
      while (topic.again && topic.mailboxes.size > 0) {
        topic.again = false
        const version = await this.#database.datasetVersion.findUnique({ where: { id } })
        for (const mailbox of topic.mailboxes) {
          if (version) mailbox.put(version)
          else mailbox.close()
        }
      }
    } catch (error) {
      this.#log.warn({ err: error, datasetVersionId: id }, 'reading a dataset version failed; trying again')
      setTimeout(() => this.notify(id), 500)
    } finally {
      topic.reading = false
    }
  }
}
