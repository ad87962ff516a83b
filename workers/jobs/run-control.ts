import type { Logger } from '../../logging/open-log.ts'
import { ListenClient } from '../../runs/listen.ts'

/** Notices pause and cancel requests at once by LISTEN; the heartbeat would notice them seconds later. */
export class RunControl {
  readonly #watchers = new Map<string, () => void>()
  #listener: ListenClient<'runControl'> | undefined

  /**
   * Resolves once it is listening. After a reconnect all watchers are called, in case notifications were
   * missed.
   */
  static async open(databaseUrl: string, log: Logger): Promise<RunControl> {
    const control = new RunControl()
    control.#listener = await ListenClient.open({
      databaseUrl,
      kinds: ['runControl'],
      onNotification: ({ runId }) => control.#watchers.get(runId)?.(),
      onListening: () => {
        for (const onChange of control.#watchers.values()) onChange()
      },
      log,
    })
    return control
  }

  /** Calls back whenever the run's row should be reread, until the returned function is called. */
  watch(runId: string, onChange: () => void): () => void {
    this.#watchers.set(runId, onChange)
    return () => this.#watchers.delete(runId)
  }

  async close(): Promise<void> {
    await this.#listener?.close()
  }
}
