'use client'

import { useQuery } from '@apollo/client/react'
import { RunTurnDocument } from '../../../graphql/generated/operations.ts'
import { usePollWhile } from '../../../graphql/use-poll-while.ts'
import type { PageRun } from './run-feed.ts'

const POLL_MS = 5_000

type Turn = Pick<PageRun, 'queuePosition' | 'waitingReason'>

/**
 * A waiting run's place in the queue and what keeps it there, asked for again while it waits: both depend on the workers
 * and on the runs of every team, and no event of this run says when they change.
 */
export function useRunTurn({ id, status, queuePosition, waitingReason }: PageRun): Turn {
  const isWaiting = status === 'QUEUED'
  const query = useQuery(RunTurnDocument, { variables: { id }, skip: !isWaiting, fetchPolicy: 'no-cache' })
  usePollWhile(query, isWaiting, POLL_MS)
  const node = query.data?.node
  // An answer from before the run was taken says nothing of it any longer.
  const isCurrent = isWaiting && node?.__typename === 'Run' && node.status === 'QUEUED'
  return isCurrent ? node : { queuePosition, waitingReason }
}
