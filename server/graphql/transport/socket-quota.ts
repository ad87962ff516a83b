const MAX_SOCKETS_A_PERSON = 50

/** How many sockets each person has open; whoever has none is not remembered. */
export class SocketQuota {
  readonly #open = new Map<string, number>()

  /** @returns false where the person has as many as one may have */
  take(userId: string): boolean {
    const open = this.#open.get(userId) ?? 0
    if (open >= MAX_SOCKETS_A_PERSON) return false
    this.#open.set(userId, open + 1)
    return true
  }

  /** Once for every socket that was taken. */
  release(userId: string): void {
    const left = (this.#open.get(userId) ?? 0) - 1
    if (left > 0) this.#open.set(userId, left)
    else this.#open.delete(userId)
  }

  get people(): number {
    return this.#open.size
  }
}
