const MAX_SOCKETS_A_PERSON = 50
/** Of all sockets of a person together; each may hold a page of events for its reader. */
const MAX_OPERATIONS_A_PERSON = 500

/** A socket as graphql-ws knows it. Its record of what runs on it is another object once it closes; the socket is the same. */
interface OpenSocket {
  /** By the id of each operation. */
  readonly subscriptions: Readonly<Record<string, unknown>>
}

/** Which sockets each person has open; whoever has none is not remembered. */
export class SocketQuota {
  readonly #open = new Map<string, Set<OpenSocket>>()

  /** @returns false where the person has as many as one may have */
  take(userId: string, socket: OpenSocket): boolean {
    const open = this.#open.get(userId) ?? new Set()
    if (open.size >= MAX_SOCKETS_A_PERSON) return false
    this.#open.set(userId, open.add(socket))
    return true
  }

  /** Once for every socket that was taken. */
  release(userId: string, socket: OpenSocket): void {
    const open = this.#open.get(userId)
    open?.delete(socket)
    if (open?.size === 0) this.#open.delete(userId)
  }

  /** False where as many operations run on the person's sockets as may. */
  hasRoom(userId: string): boolean {
    const open = [...(this.#open.get(userId) ?? [])]
    const running = open.reduce((sum, { subscriptions }) => sum + Object.keys(subscriptions).length, 0)
    return running <= MAX_OPERATIONS_A_PERSON
  }

  get people(): number {
    return this.#open.size
  }
}
