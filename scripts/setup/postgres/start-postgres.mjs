import { externalDatabaseUrl } from '../settings.mjs'
import { readPostgresState, writePostgresState } from './database-url.mjs'
import { findRunningPostgres, startPostgres } from './postgres-server.mjs'

/**
 * The set-up step; `onStart` is called before the server is started, and the caller is then responsible for
 * stopping it.
 */
export function startPostgresStep({ keepRunning, onStart }) {
  return {
    name: 'postgres',
    title: externalDatabaseUrl ? 'PostgreSQL of DATABASE_URL' : 'Embedded PostgreSQL',
    needs: ['packages'],
    isCurrent() {
      if (externalDatabaseUrl) return true
      const state = readPostgresState()
      const isRunning = state !== undefined && findRunningPostgres()?.port === state.port
      if (isRunning && keepRunning) markKept()
      return isRunning
    },
    async run({ signal, tell }) {
      if (!findRunningPostgres()) onStart()
      await startPostgres({ signal, tell })
      if (keepRunning) markKept()
      return `port ${readPostgresState().port}`
    },
  }
}

function markKept() {
  const state = readPostgresState()
  if (!state.keepRunning) writePostgresState({ ...state, keepRunning: true })
}
