import type { Logger } from '../../logging/open-log.ts'
import { ListenClient } from '../../runs/listen.ts'

/** Hears at once when something is asked of a run; the heartbeat would notice it some seconds later. */
export class RunControl {
  readonly #watchers = new Map<string, () => void>()
  #listener: ListenClient<'runControl'> | undefined

  /** Resolves once it listens. What was missed while the connection was lost is looked up. */
  static async open(databaseUrl: string, log: Logger): Promise<RunControl> {
    const control = new RunControl()
    control.#listener = await ListenClient.open({
      databaseUrl,
      kinds: ['runControl'],
      onNotification: ({ runId }) => control.#watchers.get(runId)?.(),
      onListening: () => {
        for (const onAsked of control.#watchers.values()) onAsked()
      },
      log,
    })
    return control
  }

  /** Calls back whenever the run's row should be looked at, until the returned function is called. */
  watch(runId: string, onAsked: () => void): () => void {
    this.#watchers.set(runId, onAsked)
    return () => this.#watchers.delete(runId)
  }

  async close(): Promise<void> {
    await this.#listener?.close()
  }
}
