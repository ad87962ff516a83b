import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import type { Actor } from '../access/actor.ts'

const CHECK_EVERY_MS = 2_000

interface Watched {
  actor: Actor
  /** Null to watch only the session or key, as for a socket. */
  teamId: string | null
  onLost: () => void
}

/** The sessions, keys and memberships that are still valid, read in one pass for all watchers. */
interface ValidAccess {
  sessions: Set<string>
  apiKeys: Set<string>
  /** `teamId|userId` */
  members: Set<string>
}

/**
 * Periodically checks that clients with open streams still have access: the session is valid, the key is not
 * revoked, the member has not been removed. Loss of access is reported within 5 s.
 */
export class AccessWatch {
  readonly #database: Database
  readonly #log: Logger
  readonly #watched = new Set<Watched>()
  readonly #timer: NodeJS.Timeout
  #checking = false

  constructor(database: Database, log: Logger) {
    this.#database = database
    this.#log = log
    this.#timer = setInterval(() => void this.#check(), CHECK_EVERY_MS)
  }

  /** @returns a function that stops watching */
  watch(actor: Actor, teamId: string | null, onLost: () => void): () => void {
    const watched = { actor, teamId, onLost }
    this.#watched.add(watched)
    return () => this.#watched.delete(watched)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#watched.clear()
  }

  async #check(): Promise<void> {
    if (this.#checking || this.#watched.size === 0) return
    this.#checking = true
    const watchers = [...this.#watched]
    try {
      const access = await this.#readAccess(watchers)
      for (const watched of watchers) {
        if (isGood(watched, access) || !this.#watched.delete(watched)) continue
        watched.onLost()
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'access could not be checked again; trying in a moment')
    } finally {
      this.#checking = false
    }
  }

  async #readAccess(watchers: readonly Watched[]): Promise<ValidAccess> {
    const now = new Date()
    const actors = watchers.map(({ actor }) => actor)
    const sessionIds = unique(actors.flatMap((actor) => (actor.kind === 'session' ? [actor.sessionId] : [])))
    const apiKeyIds = unique(actors.flatMap((actor) => (actor.kind === 'apiKey' ? [actor.apiKeyId] : [])))
    const userId = { in: unique(actors.map((actor) => actor.userId)) }
    const [sessions, apiKeys, members] = await Promise.all([
      this.#database.session.findMany({ where: { id: { in: sessionIds }, expiresAt: { gt: now } } }),
      this.#database.apiKey.findMany({
        where: {
          id: { in: apiKeyIds },
          revokedAt: null,
          user: { suspendedAt: null },
          createdBy: { suspendedAt: null },
          OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
        },
      }),
      this.#database.member.findMany({ where: { userId } }),
    ])
    return {
      sessions: new Set(sessions.map((session) => session.id)),
      apiKeys: new Set(apiKeys.map((key) => key.id)),
      members: new Set(members.map((member) => `${member.teamId}|${member.userId}`)),
    }
  }
}

function isGood({ actor, teamId }: Watched, access: ValidAccess): boolean {
  const signedIn =
    actor.kind === 'session' ? access.sessions.has(actor.sessionId) : access.apiKeys.has(actor.apiKeyId)
  return signedIn && (teamId === null || access.members.has(`${teamId}|${actor.userId}`))
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}
