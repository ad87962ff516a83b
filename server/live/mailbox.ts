/**
 * What waits for one slow or fast reader. It holds at most `capacity` items; where more come it drops all of them
 * and says so, and the reader goes back to the database, which has them: memory stays bounded and nothing is lost.
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

  /** Nothing comes any more; a waiting reader is let go. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  /** Waits for items and takes them; OVERFLOWED where some were dropped, CLOSED after `close`. */
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
