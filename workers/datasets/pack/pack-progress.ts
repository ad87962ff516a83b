/** Every image is gone by twice, to be looked at and to be packed. */
export class PackProgress {
  readonly #total: number
  readonly #tell: ((seen: number, total: number) => void) | undefined
  #steps = 0

  constructor(total: number, tell: ((seen: number, total: number) => void) | undefined) {
    this.#total = total
    this.#tell = tell
  }

  step(): void {
    this.#steps++
    this.#tell?.(Math.floor(this.#steps / 2), this.#total)
  }

  /** Steps that need no work. */
  skip(steps: number): void {
    this.#steps += steps
  }
}
