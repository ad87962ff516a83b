/** What one look at a run says of a condition; BETWEEN neither raises an alarm nor withdraws one. */
export type Look = 'BAD' | 'GOOD' | 'BETWEEN'

export interface Patience {
  /** Looks in a row that have to be BAD before an alarm is raised. */
  raiseAfter: number
  /** Looks in a row that have to be GOOD before it is withdrawn. */
  withdrawAfter: number
}

/** Raises an alarm once, and withdraws it once it is over, however the looks flicker. */
export class Hysteresis {
  readonly #patience: Patience
  #inARow = 0
  #isRaised = false

  constructor(patience: Patience) {
    this.#patience = patience
  }

  get isRaised(): boolean {
    return this.#isRaised
  }

  /** @returns what the look changes, if anything */
  take(look: Look): 'RAISED' | 'WITHDRAWN' | null {
    const turns = this.#isRaised ? look === 'GOOD' : look === 'BAD'
    this.#inARow = turns ? this.#inARow + 1 : 0
    const { raiseAfter, withdrawAfter } = this.#patience
    if (this.#inARow < (this.#isRaised ? withdrawAfter : raiseAfter)) return null
    this.#inARow = 0
    this.#isRaised = !this.#isRaised
    return this.#isRaised ? 'RAISED' : 'WITHDRAWN'
  }
}
