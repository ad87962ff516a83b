import type { Database, Team } from '../../prisma/client.ts'

interface Follower {
  /** Something has changed since the team was last read for it. */
  isStale: boolean
  wake: () => void
}

/** Tells followers of a team that its name, its address or its members have changed. */
export class TeamFeed {
  readonly #database: Database
  readonly #followers = new Map<string, Set<Follower>>()

  constructor(database: Database) {
    this.#database = database
  }

  notify(teamId: string): void {
    for (const follower of this.#followers.get(teamId) ?? []) {
      follower.isStale = true
      follower.wake()
    }
  }

  notifyAll(): void {
    for (const teamId of this.#followers.keys()) this.notify(teamId)
  }

  /** Yields the team after changes, those that come together as one; ends once it is deleted. */
  async *follow(teamId: string, signal: AbortSignal): AsyncGenerator<Team> {
    const follower: Follower = { isStale: false, wake: () => {} }
    const followers = this.#followers.get(teamId) ?? new Set()
    this.#followers.set(teamId, followers.add(follower))
    const release = () => follower.wake()
    signal.addEventListener('abort', release, { once: true })
    try {
      for (;;) {
        await wakened(follower, signal)
        if (signal.aborted) return
        follower.isStale = false
        const team = await this.#database.team.findUnique({ where: { id: teamId } })
        if (!team) return
        yield team
      }
    } finally {
      signal.removeEventListener('abort', release)
      followers.delete(follower)
      if (followers.size === 0) this.#followers.delete(teamId)
    }
  }
}

async function wakened(follower: Follower, signal: AbortSignal): Promise<void> {
  if (follower.isStale || signal.aborted) return
  await new Promise<void>((resolve) => {
    follower.wake = resolve
  })
}
