import { HELD_STATUSES } from '../../contract/run-states.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database, Run } from '../../prisma/client.ts'
import { readChangedRuns } from '../../runs/events.ts'
import { Mailbox } from './mailbox.ts'

const MAILBOX_RUNS = 500
/** Notifications are gathered for so long and looked up in one query. */
const GATHER_MS = 50
/** A run whose numbers move is handed on this often, however many notifications it causes. */
const PROGRESS_MS = 3_000
/** After a lost connection, events of the last so many seconds are looked at again; each brings a whole run. */
const LOOK_BACK_SECONDS = 60
/** A follower of progress begins with what changed this recently: its list may have been read just before. */
const FIRST_LOOK_BACK_SECONDS = 10

interface Follower {
  teamId: string
  mailbox: Mailbox<Run>
  /** It gets runs in training, too, as their numbers move. */
  withProgress: boolean
}

/** Hands runs on to their teams' followers whenever their state changes. */
export class TeamRunsFeed {
  readonly #database: Database
  readonly #log: Logger
  readonly #followers = new Set<Follower>()
  #gathered: { runId: string; seq: number }[] = []
  #timer: NodeJS.Timeout | undefined
  #moved = new Set<string>()
  #progressTimer: NodeJS.Timeout | undefined
  /** One after the other: an older row must not be handed on after a newer one. */
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
   * Each run of the team as it is after a change of state, from now on; with progress those that have just changed first,
   * and each that trains every few seconds.
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
