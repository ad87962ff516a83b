import { findRunsOfOtherBuilds } from '../../runs/turns.ts'
import type { Slots } from '../devices/slots.ts'
import { trainNextRun } from './train-run.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * A call that was meant for a run may have woken a worker that cannot take it, or whose places are all taken: who has a
 * free place looks for itself as well.
 */
const LOOK_EVERY_MS = 1_000

/** The trainings of a worker: as many at a time as it has places. Whoever is woken goes on until no run waits. */
export class Trainings {
  readonly #context: WorkerContext
  readonly #slots: Slots
  readonly #underWay = new Set<Promise<void>>()
  /** Runs of another engine build that the log has named. */
  readonly #named = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(context: WorkerContext, slots: Slots) {
    this.#context = context
    this.#slots = slots
  }

  /** Trains the runs whose turn it is, one after another; resolves when none waits, or at once where no place is free. */
  async wake(): Promise<void> {
    const slot = this.#slots.take()
    if (!slot) return
    const trained = this.#trainAll(slot.environment).finally(() => slot.release())
    this.#underWay.add(trained)
    await trained.finally(() => this.#underWay.delete(trained))
  }

  /** Looks for waiting runs now and every second, while a place is free. */
  keepLooking(): void {
    const look = () =>
      void this.wake().catch((error) =>
        this.#context.log.warn({ err: error }, 'could not look for a waiting run; trying again'),
      )
    this.#timer = setInterval(look, LOOK_EVERY_MS)
  }

  /** Looks no more, and resolves when the trainings under way have ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.allSettled(this.#underWay)
  }

  async #trainAll(device: NodeJS.ProcessEnv): Promise<void> {
    while (await trainNextRun(this.#context, device)) {
      // The next one, on the same place.
    }
    await this.#nameRunsOfOtherBuilds()
  }

  async #nameRunsOfOtherBuilds(): Promise<void> {
    const { database, claimant, log, shutdown } = this.#context
    if (shutdown.aborted) return
    for (const { id, engineBuild } of await findRunsOfOtherBuilds(database, claimant)) {
      if (this.#named.has(id)) continue
      this.#named.add(id)
      log.warn(
        { runId: id, itsEngineBuild: engineBuild, engineBuild: claimant.engineBuild },
        'does not take the run: its checkpoint was made by another build of the engine',
      )
    }
  }
}
