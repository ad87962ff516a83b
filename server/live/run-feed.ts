import type { RunEventRecord } from '../../contract/runs/run-events.ts'
import { isEnded } from '../../contract/runs/run-states.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import { readRunEvents } from '../../runs/events.ts'
import type { LiveCounts } from './live-counts.ts'
import { Mailbox } from './mailbox.ts'
import { Thinner } from './thin-events.ts'

/** How many events, each with hundreds of points, are read at a time without delaying other readers. */
const PAGE_EVENTS = 50
/** Events buffered per reader; a METRICS event with its points takes some hundred bytes. */
const MAILBOX_EVENTS = 1000
const RETRY_READ_MS = 500

/** A run with at least one follower; its rows are read once for all of them. */
interface Topic {
  runId: string
  /** The latest event that was delivered. */
  lastRead: number
  mailboxes: Set<Mailbox<RunEventRecord>>
  reading: boolean
  /** Set if a notification arrived while reading. */
  again: boolean
  /** When the first notification came of what has not been read yet; null while there is none. */
  notifiedMs: number | null
}

/**
 * Delivers the events of runs to their followers. A follower first reads past events from the database by
 * sequence number, then joins the run's topic; joining triggers another read of the topic, so that no event
 * is missed in between.
 */
export class RunFeed {
  readonly #database: Database
  readonly #log: Logger
  readonly #counts: LiveCounts
  readonly #topics = new Map<string, Topic>()
  readonly #thinner: Thinner

  constructor(database: Database, log: Logger, counts: LiveCounts, thinner = new Thinner()) {
    this.#thinner = thinner
    this.#counts = counts
    this.#database = database
    this.#log = log
  }

  /** To be called when a run may have unread events. */
  notify(runId: string): void {
    const topic = this.#topics.get(runId)
    if (!topic) return
    topic.notifiedMs ??= this.#thinner.now()
    void this.#read(topic)
  }

  /** To be called when notifications may have been missed because the LISTEN connection was lost. */
  notifyAll(): void {
    for (const topic of this.#topics.values()) void this.#read(topic)
  }

  /**
   * Yields every event of a run after `afterSeq`, past ones first, without gaps or duplicates. Ends after the
   * run's last event; immediately if the run had ended before.
   * @param signal  ends it early
   * @param mayThin  what comes once it follows live is thinned where it falls behind; what was there before never is
   */
  async *follow(
    runId: string,
    afterSeq: number,
    signal: AbortSignal,
    mayThin = false,
  ): AsyncGenerator<RunEventRecord> {
    this.#counts.subscribers++
    try {
      for await (const event of this.#followOn(runId, afterSeq, signal, mayThin)) {
        this.#counts.eventsSent++
        yield event
      }
    } finally {
      this.#counts.subscribers--
    }
  }

  async *#followOn(
    runId: string,
    afterSeq: number,
    signal: AbortSignal,
    mayThin: boolean,
  ): AsyncGenerator<RunEventRecord> {
    let seq = afterSeq
    for (let thins = false; !signal.aborted; thins = mayThin) {
      for await (const event of this.#replay(runId, seq, signal, thins)) {
        seq = event.seq
        yield event
        if (await this.#isLast(event)) return
      }
      if (signal.aborted || (await this.#hasEndedBy(runId, seq))) return
      for await (const event of this.#live(runId, seq, signal, mayThin)) {
        seq = event.seq
        yield event
        if (await this.#isLast(event)) return
      }
    }
  }

  /**
   * Yields new events after `seq` until the reader is ended or lags too far and must read from the database
   * again.
   */
  async *#live(
    runId: string,
    seq: number,
    signal: AbortSignal,
    thins: boolean,
  ): AsyncGenerator<RunEventRecord> {
    const mailbox = signal.aborted ? null : this.#join(runId, seq)
    if (!mailbox) return
    const release = () => mailbox.close()
    signal.addEventListener('abort', release, { once: true })
    try {
      for (let taken = await mailbox.take(); typeof taken !== 'string'; taken = await mailbox.take()) {
        // The topic may have been behind this follower.
        const waiting = taken.filter((event) => event.seq > seq)
        yield* thins ? this.#thinner.thin(waiting) : waiting
      }
    } finally {
      signal.removeEventListener('abort', release)
      this.#leave(runId, mailbox)
    }
  }

  async *#replay(
    runId: string,
    afterSeq: number,
    signal: AbortSignal,
    thins: boolean,
  ): AsyncGenerator<RunEventRecord> {
    let seq = afterSeq
    while (!signal.aborted) {
      const page = await readRunEvents(this.#database, runId, seq, PAGE_EVENTS)
      yield* thins ? this.#thinner.thin(page) : page
      const last = page.at(-1)
      if (!last || page.length < PAGE_EVENTS) return
      seq = last.seq
    }
  }

  /** Not the last event if a failed run was retried meanwhile. */
  async #isLast({ runId, seq, payload }: RunEventRecord): Promise<boolean> {
    return payload.kind === 'STATUS' && isEnded(payload.status) && (await this.#hasEndedBy(runId, seq))
  }

  async #hasEndedBy(runId: string, seq: number): Promise<boolean> {
    const run = await this.#database.run.findUnique({ where: { id: runId } })
    return !run || (isEnded(run.status) && run.lastSeq <= seq)
  }

  /** Null if the topic is ahead of the follower, which must first catch up from the database. */
  #join(runId: string, seq: number): Mailbox<RunEventRecord> | null {
    const topic = this.#topics.get(runId) ?? this.#open(runId, seq)
    if (topic.lastRead > seq) return null
    const mailbox = new Mailbox<RunEventRecord>(MAILBOX_EVENTS)
    topic.mailboxes.add(mailbox)
    this.#counts.joined++
    void this.#read(topic)
    return mailbox
  }

  #open(runId: string, lastRead: number): Topic {
    const mailboxes = new Set<Mailbox<RunEventRecord>>()
    const topic = { runId, lastRead, mailboxes, reading: false, again: false, notifiedMs: null }
    this.#topics.set(runId, topic)
    return topic
  }

  #leave(runId: string, mailbox: Mailbox<RunEventRecord>): void {
    this.#counts.joined--
    const topic = this.#topics.get(runId)
    topic?.mailboxes.delete(mailbox)
    if (topic?.mailboxes.size === 0) this.#topics.delete(runId)
  }

  async #read(topic: Topic): Promise<void> {
    topic.again = true
    if (topic.reading) return
    topic.reading = true
    try {
      while (topic.again && topic.mailboxes.size > 0) {
        topic.again = false
        const arrivedMs = topic.notifiedMs ?? this.#thinner.now()
        topic.notifiedMs = null
        const page = await readRunEvents(this.#database, topic.runId, topic.lastRead, PAGE_EVENTS)
        this.#counts.eventsRead += page.length
        this.#thinner.arrive(page, arrivedMs)
        for (const event of page) for (const mailbox of topic.mailboxes) mailbox.put(event)
        topic.lastRead = page.at(-1)?.seq ?? topic.lastRead
        if (page.length === PAGE_EVENTS) {
          topic.again = true
          topic.notifiedMs ??= arrivedMs
        }
      }
    } catch (error) {
      this.#log.warn({ err: error, runId: topic.runId }, 'reading a run’s events failed; trying again')
      setTimeout(() => this.notify(topic.runId), RETRY_READ_MS)
    } finally {
      topic.reading = false
    }
  }
}
