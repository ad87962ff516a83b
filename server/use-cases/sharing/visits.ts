const VISIT_MS = 30 * 60_000
const MOST_REMEMBERED = 10_000

/** Who looks at what, so that looking again and again in half an hour is one visit. */
export class Visits {
  readonly #until = new Map<string, number>()

  /** @returns whether a visit begins */
  begin(key: string): boolean {
    const now = Date.now()
    const isSame = (this.#until.get(key) ?? 0) > now
    this.#until.delete(key)
    const [oldest] = this.#until.keys()
    if (this.#until.size >= MOST_REMEMBERED && oldest !== undefined) this.#until.delete(oldest)
    this.#until.set(key, now + VISIT_MS)
    return !isSame
  }
}
