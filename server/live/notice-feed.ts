import type { Database, Notice } from '../../prisma/client.ts'
import { countUnread, readNewestNotices } from '../use-cases/notices/read-notices.ts'

/** Notices that were committed later than others that are newer are still found so long after. */
const LOOK_BACK_MS = 60_000

interface Follower {
  isStale: boolean
  wake: () => void
}

/** A person's bell after a change. */
export interface NoticesChange {
  unread: number
  /** New since the last one. */
  arrived: Notice[]
}

/** Tells people's open pages of their notices: new ones, and that some were read elsewhere. */
export class NoticeFeed {
  readonly #database: Database
  readonly #followers = new Map<string, Set<Follower>>()

  constructor(database: Database) {
    this.#database = database
  }

  notify(userId: string): void {
    for (const follower of this.#followers.get(userId) ?? []) {
      follower.isStale = true
      follower.wake()
    }
  }

  notifyAll(): void {
    for (const userId of this.#followers.keys()) this.notify(userId)
  }

  /** Yields how many are unread now and after every change, and the notices that came in between. */
  async *follow(userId: string, signal: AbortSignal): AsyncGenerator<NoticesChange> {
    const follower: Follower = { isStale: true, wake: () => {} }
    const followers = this.#followers.get(userId) ?? new Set()
    this.#followers.set(userId, followers.add(follower))
    const release = () => follower.wake()
    signal.addEventListener('abort', release, { once: true })
    try {
      let seen: Set<string> | null = null
      for (;;) {
        if (!follower.isStale && !signal.aborted)
          await new Promise<void>((resolve) => {
            follower.wake = resolve
          })
        if (signal.aborted) return
        follower.isStale = false
        const recent = await this.#readRecent(userId)
        const before: Set<string> = seen ?? new Set(recent.map(({ id }) => id))
        seen = new Set(recent.map(({ id }) => id))
        const arrived = recent.filter(({ id }) => !before.has(id))
        yield { unread: await countUnread(this.#database, userId), arrived }
      }
    } finally {
      signal.removeEventListener('abort', release)
      followers.delete(follower)
      if (followers.size === 0) this.#followers.delete(userId)
    }
  }

  #readRecent(userId: string): Promise<Notice[]> {
    return readNewestNotices(this.#database, userId, new Date(Date.now() - LOOK_BACK_MS))
  }
}
