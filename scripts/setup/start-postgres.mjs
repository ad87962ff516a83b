import { readPostgresState, writePostgresState } from './database-url.mjs'
import { findRunningPostgres, startPostgres } from './postgres-server.mjs'
import { externalDatabaseUrl } from './settings.mjs'

/** The step; `onStarted` is called when this set-up is the one that started the server. */
export function startPostgresStep({ keepRunning, onStarted }) {
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
      const isOurs = await startPostgres({ signal, tell })
      if (isOurs) onStarted()
      if (keepRunning) markKept()
      return `port ${readPostgresState().port}`
    },
  }
}

function markKept() {
  const state = readPostgresState()
  if (!state.keepRunning) writePostgresState({ ...state, keepRunning: true })
}
