'use client'

import type { RunStatus } from '../../../contract/runs/run-states.ts'
import { type Polled, usePollWhile } from '../../graphql/use-poll-while.ts'

const POLL_MS = 5_000
/** Polling asks for the first page alone, which would take the place of a longer list. */
const PAGE = 50

/**
 * Polls a list of runs while one of them is queued. Its position and what blocks it depend on the workers and
 * on the runs of all teams, so no event of its own team announces a change.
 */
export function useQueuePolling(query: Polled, runs: readonly { status: RunStatus }[]): void {
  usePollWhile(query, runs.length <= PAGE && runs.some(({ status }) => status === 'QUEUED'), POLL_MS)
}
