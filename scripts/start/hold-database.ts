import { startPostgres, stopPostgresIfUnused } from '../setup/postgres/postgres-server.mjs'
import { externalDatabaseUrl } from '../setup/settings.mjs'
import { takeSetupLock } from '../setup/setup-lock.mjs'

export interface HeldDatabase {
  /** Resolves when the database accepts connections; rejects if it is released before. */
  ready: Promise<void>
  /** Stops the embedded PostgreSQL unless it has other clients, even if it is still starting. */
  release(): Promise<void>
}

/** Starts the embedded PostgreSQL if it is not running; does nothing with DATABASE_URL. */
export function holdDatabase(): HeldDatabase {
  const waiting = new AbortController()
  const ready = start(waiting.signal)
  // Avoids an unhandled rejection if the caller only releases; awaiting `ready` still reports a failure.
  ready.catch(() => {})
  return {
    ready,
    async release() {
      waiting.abort(new Error('Interrupted.'))
      await ready.catch(() => {})
      await stopPostgresIfUnused()
    },
  }
}

/** Takes the set-up lock, because set-ups also start and stop the server. */
async function start(signal: AbortSignal): Promise<void> {
  if (externalDatabaseUrl) return
  const releaseLock = await takeSetupLock({ signal })
  try {
    await startPostgres()
  } finally {
    releaseLock()
  }
  signal.throwIfAborted()
}
