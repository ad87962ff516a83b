import { HEARTBEAT_MS, type Lease, LeaseLostError, renewLease } from '../../runs/lease.ts'
import type { WorkerContext } from './worker-context.ts'

/** A run in this worker's hands: renews the lease, and hears what is asked of the run, until it is let go. */
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

  /** The run is another's, or nobody's: nothing that comes of it will be kept. Its reason is a LeaseLostError. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** The training shall save what it has and stop: the run is to pause, or the worker ends. */
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
    // A database that is away does not end a training: the fence decides when it is back.
    const status = await renewLease(this.#context.database, this.lease).catch(() => undefined)
    if (status === null) this.#lost.abort(new LeaseLostError('the heartbeat was refused'))
    if (status === 'PAUSING') this.#stop.abort(new Error('the run is to pause'))
  }
}
