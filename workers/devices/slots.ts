/** Capacity for one training process, with the environment that selects its device. Release it when done. */
export interface Slot {
  environment: NodeJS.ProcessEnv
  release(): void
}

/** A worker's capacity for concurrent training processes. */
export class Slots {
  readonly #free: NodeJS.ProcessEnv[]

  constructor(environments: readonly NodeJS.ProcessEnv[]) {
    this.#free = [...environments]
  }

  get freeCount(): number {
    return this.#free.length
  }

  /** The free slot that has been unused longest, or null. */
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
