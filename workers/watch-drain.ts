import type { Logger } from '../logging/open-log.ts'
import type { Database } from '../prisma/client.ts'
import { readDrain } from '../runs/drains.ts'

const LOOK_EVERY_MS = 2_000

/** What takes jobs, and may be told to take none. */
interface JobTaker {
  pause(doNotWaitActive: boolean): Promise<void>
  resume(): void
}

/** Has a drained worker take no imports, exports and explanations either; its runs are kept from it where they are claimed. */
export class DrainWatch {
  readonly #database: Database
  readonly #log: Logger
  readonly #workerName: string
  readonly #takers: readonly JobTaker[]
  #isDrained = false
  #timer: NodeJS.Timeout | undefined
  #lastLook: Promise<void> = Promise.resolve()

  constructor(database: Database, log: Logger, workerName: string, takers: readonly JobTaker[]) {
    this.#database = database
    this.#log = log
    this.#workerName = workerName
    this.#takers = takers
  }

  /** Looks at once, and then every two seconds. */
  async open(): Promise<void> {
    await this.look()
    this.#timer = setInterval(() => {
      this.#lastLook = this.#lastLook.then(() => this.look())
    }, LOOK_EVERY_MS)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#lastLook
  }

  async look(): Promise<void> {
    try {
      const isDrained = (await readDrain(this.#database, this.#workerName)) !== null
      if (isDrained === this.#isDrained) return
      if (isDrained) await Promise.all(this.#takers.map((taker) => taker.pause(true)))
      else for (const taker of this.#takers) taker.resume()
      this.#isDrained = isDrained
      this.#log.info(isDrained ? 'drained: takes nothing new' : 'resumed: takes runs and jobs again')
    } catch (error) {
      this.#log.warn({ err: error }, 'could not see whether this worker is drained; looking again')
    }
  }
}
