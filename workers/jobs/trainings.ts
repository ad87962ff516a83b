import { findRunsOfOtherBuilds } from '../../runs/turns.ts'
import type { Slots } from '../devices/slots.ts'
import { trainNextRun } from './train-run.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * A job may have reached a worker that cannot take the run, or that has no free slot, so a worker with a free
 * slot also polls.
 */
const POLL_MS = 1_000

/** A worker's trainings, one per slot at a time. Once woken, a slot trains runs until none can be claimed. */
export class Trainings {
  readonly #context: WorkerContext
  readonly #slots: Slots
  readonly #active = new Set<Promise<void>>()
  /** Runs of another engine build that have been logged. */
  readonly #logged = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(context: WorkerContext, slots: Slots) {
    this.#context = context
    this.#slots = slots
  }

  /** Trains runs one after another until none can be claimed; returns at once if no slot is free. */
  async wake(): Promise<void> {
    const slot = this.#slots.take()
    if (!slot) return
    const trained = this.#trainAll(slot.environment).finally(() => slot.release())
    this.#active.add(trained)
    await trained.finally(() => this.#active.delete(trained))
  }

  /** Looks for queued runs every second while a slot is free. */
  startPolling(): void {
    const poll = () =>
      void this.wake().catch((error) =>
        this.#context.log.warn({ err: error }, 'could not look for a queued run; trying again'),
      )
    this.#timer = setInterval(poll, POLL_MS)
  }

  /** Stops polling, and resolves once active trainings have ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.allSettled(this.#active)
  }

  async #trainAll(device: NodeJS.ProcessEnv): Promise<void> {
    while (await trainNextRun(this.#context, device)) {
      // The next run uses the same slot.
    }
    await this.#logRunsOfOtherBuilds()
  }

  async #logRunsOfOtherBuilds(): Promise<void> {
    const { database, claimant, log, shutdown } = this.#context
    if (shutdown.aborted) return
    for (const { id, engineBuild } of await findRunsOfOtherBuilds(database, claimant)) {
      if (this.#logged.has(id)) continue
      this.#logged.add(id)
      log.warn(
        { runId: id, itsEngineBuild: engineBuild, engineBuild: claimant.engineBuild },
        'not claiming the run: its checkpoint was made by another build of the engine',
      )
    }
  }
}
