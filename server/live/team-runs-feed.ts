import type { Logger } from '../../logging/open-log.ts'
import type { Database, Run } from '../../prisma/client.ts'
import { readChangedRuns } from '../../runs/events.ts'
import { Mailbox } from './mailbox.ts'

const MAILBOX_RUNS = 500
/** Notifications are gathered for so long and looked up in one query. */
const GATHER_MS = 50
/** After a lost connection, events of the last so many seconds are looked at again; each brings a whole run. */
const LOOK_BACK_SECONDS = 60

/** Hands runs on to their teams' followers whenever their state changes. */
export class TeamRunsFeed {
  readonly #database: Database
  readonly #log: Logger
  readonly #mailboxes = new Map<string, Set<Mailbox<Run>>>()
  #gathered: { runId: string; seq: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(database: Database, log: Logger) {
    this.#database = database
    this.#log = log
  }

  notify(runId: string, seq: number): void {
    if (this.#mailboxes.size === 0) return
    this.#gathered.push({ runId, seq })
    this.#timer ??= setTimeout(() => void this.#look(), GATHER_MS)
  }

  notifyAll(): void {
    if (this.#mailboxes.size > 0) void this.#lookBack()
  }

  /** Each run of the team as it is after a change of state, from now on. */
  async *follow(teamId: string, signal: AbortSignal): AsyncGenerator<Run> {
    const mailbox = new Mailbox<Run>(MAILBOX_RUNS)
    const ofTeam = this.#mailboxes.get(teamId) ?? new Set()
    this.#mailboxes.set(teamId, ofTeam.add(mailbox))
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
      ofTeam.delete(mailbox)
      if (ofTeam.size === 0) this.#mailboxes.delete(teamId)
    }
  }

  async #look(): Promise<void> {
    this.#timer = undefined
    const events = this.#gathered
    this.#gathered = []
    try {
      const teamIds = [...this.#mailboxes.keys()]
      for (const run of await readChangedRuns(this.#database, teamIds, { events })) this.#put(run)
    } catch (error) {
      this.#log.warn({ err: error }, 'reading changes of runs failed')
      setTimeout(() => this.notifyAll(), 500)
    }
  }

  async #lookBack(): Promise<void> {
    const since = new Date(Date.now() - LOOK_BACK_SECONDS * 1000)
    try {
      const changed = await readChangedRuns(this.#database, [...this.#mailboxes.keys()], { since })
      const runs = new Map(changed.map((run) => [run.id, run]))
      for (const run of runs.values()) this.#put(run)
    } catch (error) {
      this.#log.warn({ err: error }, 'looking back at changes of runs failed')
    }
  }

  #put(run: Run): void {
    for (const mailbox of this.#mailboxes.get(run.teamId) ?? []) mailbox.put(run)
  }
}
