'use client'

import type { RunStatus } from '../../../contract/run-states.ts'
import { type Polled, usePollWhile } from '../../graphql/use-poll-while.ts'

const POLL_MS = 5_000

/**
 * Asks for a list of runs again while one of them waits. How many are before it, and why none takes it, depends on the
 * workers and on the runs of every team: no event of its own team says when that changes.
 */
export function useQueuePolling(query: Polled, runs: readonly { status: RunStatus }[]): void {
  usePollWhile(
    query,
    runs.some(({ status }) => status === 'QUEUED'),
    POLL_MS,
  )
}
