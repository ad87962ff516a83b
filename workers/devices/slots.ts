/** A place for one training process: what its environment says of its device. Release it once. */
export interface Slot {
  environment: NodeJS.ProcessEnv
  release(): void
}

/** The training processes that a worker may have at a time. */
export class Slots {
  readonly #free: NodeJS.ProcessEnv[]

  constructor(environments: readonly NodeJS.ProcessEnv[]) {
    this.#free = [...environments]
  }

  get freeCount(): number {
    return this.#free.length
  }

  /** A free place, the longest unused one, or null. */
  take(): Slot | null {
    const environment = this.#free.shift()
    if (!environment) return null
    let isTaken = true
    return {
      environment,
      release: () => {
        if (isTaken) this.#free.push(environment)
        isTaken = false
      },
    }
  }
}
