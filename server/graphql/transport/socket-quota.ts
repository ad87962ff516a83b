const MAX_SOCKETS_A_PERSON = 50
/** Of all sockets of a person together; each may hold a page of events for its reader. */
const MAX_OPERATIONS_A_PERSON = 500

/** What runs on a socket, by the id of each operation. */
type Operations = Readonly<Record<string, unknown>>

/** Which sockets each person has open; whoever has none is not remembered. */
export class SocketQuota {
  readonly #open = new Map<string, Set<Operations>>()

  /** @returns false where the person has as many as one may have */
  take(userId: string, operations: Operations): boolean {
    const open = this.#open.get(userId) ?? new Set()
    if (open.size >= MAX_SOCKETS_A_PERSON) return false
    this.#open.set(userId, open.add(operations))
    return true
  }

  /** Once for every socket that was taken. */
  release(userId: string, operations: Operations): void {
    const open = this.#open.get(userId)
    open?.delete(operations)
    if (open?.size === 0) this.#open.delete(userId)
  }

  /** False where as many operations run on the person's sockets as may. */
  hasRoom(userId: string): boolean {
    const open = [...(this.#open.get(userId) ?? [])]
    const running = open.reduce((sum, operations) => sum + Object.keys(operations).length, 0)
    return running <= MAX_OPERATIONS_A_PERSON
  }

  get people(): number {
    return this.#open.size
  }
}
