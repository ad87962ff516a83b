import { HELD_STATUSES } from '../../contract/runs/run-states.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database, Run } from '../../prisma/client.ts'
import { readChangedRuns } from '../../runs/events.ts'
import { Mailbox } from './mailbox.ts'

const MAILBOX_RUNS = 500
/** Notifications are batched for this long and looked up in one query. */
const GATHER_MS = 50
/** Progress of a training run is delivered at this interval, however many notifications arrive. */
const PROGRESS_MS = 3_000
/** After a lost connection, events of this period are read again; delivering a run twice is harmless. */
const LOOK_BACK_SECONDS = 60
/** A follower of progress first gets recent changes, because its list may have been read just before. */
const FIRST_LOOK_BACK_SECONDS = 10

interface Follower {
  teamId: string
  mailbox: Mailbox<Run>
  /** Also deliver progress of runs in training. */
  withProgress: boolean
}

/** Delivers runs to their teams' followers whenever their status changes. */
export class TeamRunsFeed {
  readonly #database: Database
  readonly #log: Logger
  readonly #followers = new Set<Follower>()
  #gathered: { runId: string; seq: number }[] = []
  #timer: NodeJS.Timeout | undefined
  #moved = new Set<string>()
  #progressTimer: NodeJS.Timeout | undefined
  /** Reads are serialized, so that an older row is never delivered after a newer one. */
  #reads: Promise<void> = Promise.resolve()

  constructor(database: Database, log: Logger) {
    this.#database = database
    this.#log = log
  }

  notify(runId: string, seq: number): void {
    if (this.#followers.size === 0) return
    this.#gathered.push({ runId, seq })
    this.#timer ??= setTimeout(() => this.#readChanges(), GATHER_MS)
    this.#moved.add(runId)
    this.#progressTimer ??= setTimeout(() => this.#readProgress(), PROGRESS_MS)
  }

  notifyAll(): void {
    this.#lookBack([...this.#followers], LOOK_BACK_SECONDS)
  }

  /**
   * Yields each run of the team after a change of its status; with progress, also recent changes first, and
   * training runs every few seconds.
   */
  async *follow(teamId: string, withProgress: boolean, signal: AbortSignal): AsyncGenerator<Run> {
    const mailbox = new Mailbox<Run>(MAILBOX_RUNS)
    const follower = { teamId, mailbox, withProgress }
    this.#followers.add(follower)
    if (withProgress) this.#lookBack([follower], FIRST_LOOK_BACK_SECONDS)
    const release = () => mailbox.close()
    signal.addEventListener('abort', release, { once: true })
    try {
      while (!signal.aborted) {
        const taken = await mailbox.take()
        if (taken === 'CLOSED') return
        if (taken === 'OVERFLOWED') throw new Error('the reader of a team’s runs fell too far behind')
        yield* taken
      }
    } finally {
      signal.removeEventListener('abort', release)
      this.#followers.delete(follower)
    }
  }

  #readChanges(): void {
    this.#timer = undefined
    const events = this.#gathered
    this.#gathered = []
    const read = async () => {
      const followers = [...this.#followers]
      this.#handOn(followers, await readChangedRuns(this.#database, teamsOf(followers), { events }))
    }
    this.#inTurn(read, () => setTimeout(() => this.notifyAll(), 500))
  }

  #readProgress(): void {
    this.#progressTimer = undefined
    const id = { in: [...this.#moved] }
    this.#moved = new Set()
    this.#inTurn(async () => {
      const followers = [...this.#followers].filter(({ withProgress }) => withProgress)
      if (followers.length === 0) return
      const where = { id, teamId: { in: teamsOf(followers) }, status: { in: [...HELD_STATUSES] } }
      this.#handOn(followers, await this.#database.run.findMany({ where }))
    })
  }

  #lookBack(followers: Follower[], seconds: number): void {
    if (followers.length === 0) return
    const since = new Date(Date.now() - seconds * 1000)
    this.#inTurn(async () => {
      const changed = await readChangedRuns(this.#database, teamsOf(followers), { since })
      const runs = new Map(changed.map((run) => [run.id, run]))
      this.#handOn(followers, [...runs.values()])
    })
  }

  #handOn(followers: readonly Follower[], runs: readonly Run[]): void {
    for (const run of runs)
      for (const { teamId, mailbox } of followers) if (teamId === run.teamId) mailbox.put(run)
  }

  #inTurn(read: () => Promise<void>, onFailure = () => {}): void {
    this.#reads = this.#reads.then(read).catch((error) => {
      this.#log.warn({ err: error }, 'reading changes of runs failed')
      onFailure()
    })
  }
}

function teamsOf(followers: readonly Follower[]): string[] {
  return [...new Set(followers.map(({ teamId }) => teamId))]
}
