import { startPostgres, stopPostgresIfUnused } from '../setup/postgres/postgres-server.mjs'
import { externalDatabaseUrl } from '../setup/settings.mjs'
import { takeSetupLock } from '../setup/setup-lock.mjs'

export interface HeldDatabase {
  /** Settles when the database answers; rejects if it was released before. */
  ready: Promise<void>
  /** Stops the embedded PostgreSQL unless somebody else uses it, also one that is still starting. */
  release(): Promise<void>
}

/** Starts the embedded PostgreSQL where it does not run; with DATABASE_URL there is nothing to hold. */
export function holdDatabase(): HeldDatabase {
  const waiting = new AbortController()
  const ready = start(waiting.signal)
  // Whoever waits for it hears of a failure; whoever only releases it does not need to.
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

/** Set-ups start and stop it too: the lock keeps them apart. */
async function start(signal: AbortSignal): Promise<void> {
  if (externalDatabaseUrl) return
  const giveBack = await takeSetupLock({ signal })
  try {
    await startPostgres()
  } finally {
    giveBack()
  }
  signal.throwIfAborted()
}
