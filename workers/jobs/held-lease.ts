import { HEARTBEAT_MS, type Lease, LeaseLostError, renewLease } from '../../runs/lease.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * A run held by this worker: renews the lease and watches for pause and cancel requests until it is released.
 */
export class HeldLease {
  readonly lease: Lease
  readonly #context: WorkerContext
  readonly #lost = new AbortController()
  readonly #stop = new AbortController()
  readonly #heartbeat: NodeJS.Timeout
  readonly #unwatch: () => void

  constructor(context: WorkerContext, lease: Lease) {
    this.lease = lease
    this.#context = context
    const { control, shutdown } = context
    this.#heartbeat = setInterval(() => void this.#renew(), HEARTBEAT_MS)
    this.#unwatch = control.watch(lease.runId, () => void this.#renew())
    shutdown.addEventListener('abort', this.#shutDown)
    if (shutdown.aborted) this.#shutDown()
  }

  /**
   * Aborted with a LeaseLostError when this worker no longer holds the run: results can no longer be written.
   */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Aborted when training should save and stop: the run is to pause, or the worker is shutting down or hands it back. */
  get stop(): AbortSignal {
    return this.#stop.signal
  }

  release(): void {
    clearInterval(this.#heartbeat)
    this.#unwatch()
    this.#context.shutdown.removeEventListener('abort', this.#shutDown)
  }

  readonly #shutDown = () => this.#stop.abort(new Error('the worker is ending'))

  async #renew(): Promise<void> {
    // An unavailable database does not end training: once it is back, the fence decides.
    const held = await renewLease(this.#context.database, this.lease).catch(() => undefined)
    if (held === null) this.#lost.abort(new LeaseLostError('the heartbeat was refused'))
    if (held?.status === 'PAUSING') this.#stop.abort(new Error('the run is to pause'))
    if (held?.isHandedBack) this.#stop.abort(new Error('the worker is drained'))
  }
}
