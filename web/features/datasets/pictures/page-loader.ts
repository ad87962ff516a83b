const MOST_UNDER_WAY = 2

export interface LoadedPages<Item> {
  /** Null before the first answer. */
  totalCount: number | null
  byNumber: ReadonlyMap<number, Item[]>
  error: Error | null
}

interface Options<Item> {
  pageSize: number
  ask(page: number): Promise<{ totalCount: number; nodes: Item[] } | null>
  onChange(pages: LoadedPages<Item>): void
}

/**
 * Fetches pages of a long list as they come into sight. Few are under way at a time, and the next one is always one that
 * is in sight when its turn comes: who drags past a hundred thousand items does not wait for those in between.
 */
export class PageLoader<Item> {
  readonly #options: Options<Item>
  readonly #underWay = new Set<number>()
  #pages: LoadedPages<Item> = { totalCount: null, byNumber: new Map(), error: null }
  #sight: [number, number] = [0, 0]
  #hasEnded = false

  constructor(options: Options<Item>) {
    this.#options = options
  }

  /** What is in sight, first to last; a page that failed is asked for again. */
  show(first: number, last: number): void {
    this.#sight = [first, last]
    this.#askNext()
  }

  /** Nothing is told after this. */
  end(): void {
    this.#hasEnded = true
  }

  #askNext(): void {
    const [from = 0, to = -1] = this.#sight.map((position) => Math.floor(position / this.#options.pageSize))
    for (let page = from; page <= to && this.#underWay.size < MOST_UNDER_WAY; page++)
      if (!this.#pages.byNumber.has(page) && !this.#underWay.has(page)) void this.#ask(page)
  }

  async #ask(page: number): Promise<void> {
    this.#underWay.add(page)
    try {
      const answer = await this.#options.ask(page)
      this.#underWay.delete(page)
      if (this.#hasEnded || !answer) return
      const byNumber = new Map(this.#pages.byNumber).set(page, answer.nodes)
      this.#tell({ totalCount: answer.totalCount, byNumber, error: null })
      this.#askNext()
    } catch (error) {
      this.#underWay.delete(page)
      if (!this.#hasEnded) this.#tell({ ...this.#pages, error: error as Error })
    }
  }

  #tell(pages: LoadedPages<Item>): void {
    this.#pages = pages
    this.#options.onChange(pages)
  }
}
