/**
 * A bounded queue for one reader. On overflow it drops all items and reports that, and the reader rereads
 * them from the database: memory stays bounded and nothing is lost.
 */
export class Mailbox<Item> {
  readonly #capacity: number
  #items: Item[] = []
  #overflowed = false
  #closed = false
  #wake: (() => void) | null = null

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  put(item: Item): void {
    if (this.#items.length >= this.#capacity) {
      this.#items = []
      this.#overflowed = true
    }
    if (!this.#overflowed) this.#items.push(item)
    this.#wake?.()
  }

  /** Ends the queue and wakes a waiting reader. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  /** Waits for items and takes them; OVERFLOWED if items were dropped, CLOSED after `close`. */
  async take(): Promise<Item[] | 'OVERFLOWED' | 'CLOSED'> {
    if (!this.#closed && !this.#overflowed && this.#items.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
    if (this.#closed) return 'CLOSED'
    if (this.#overflowed) return 'OVERFLOWED'
    const items = this.#items
    this.#items = []
    return items
  }
}
