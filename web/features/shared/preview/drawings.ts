const KEPT_MS = 60_000
const MOST_KEPT = 50
/** Drawn one after the other: whoever would wait behind so many gets the neutral one. */
const MOST_WAITING = 8

/** Pictures of previews: each is drawn once in a minute and one at a time, however many ask; of nothing there is one. */
export class Drawings<Subject> {
  readonly #draw: (subject: Subject | null) => Promise<ArrayBuffer>
  readonly #kept = new Map<string, { until: number; picture: Promise<ArrayBuffer> }>()
  #neutral: Promise<ArrayBuffer> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(draw: (subject: Subject | null) => Promise<ArrayBuffer>) {
    this.#draw = draw
  }

  of(key: string, subject: Subject | null): Promise<ArrayBuffer> {
    if (subject === null) return this.#ofNothing()
    const known = this.#kept.get(key)
    if (known && known.until > Date.now()) return known.picture
    if (this.#waiting >= MOST_WAITING) return this.#ofNothing()
    const picture = this.#inTurn(subject)
    this.#kept.delete(key)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(key, { until: Date.now() + KEPT_MS, picture })
    picture.catch(() => this.#kept.delete(key))
    return picture
  }

  #ofNothing(): Promise<ArrayBuffer> {
    this.#neutral ??= this.#inTurn(null)
    this.#neutral.catch(() => {
      this.#neutral = undefined
    })
    return this.#neutral
  }

  #inTurn(subject: Subject | null): Promise<ArrayBuffer> {
    this.#waiting++
    const picture = this.#last.then(() => this.#draw(subject))
    this.#last = picture
      .catch(() => undefined)
      .then(() => {
        this.#waiting--
      })
    return picture
  }
}
