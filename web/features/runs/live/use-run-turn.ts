'use client'

import { useQuery } from '@apollo/client/react'
import { RunTurnDocument } from '../../../graphql/generated/operations.ts'
import { usePollWhile } from '../../../graphql/use-poll-while.ts'
import type { PageRun } from './run-feed.ts'

const POLL_MS = 5_000

type Turn = Pick<PageRun, 'queuePosition' | 'waitingReason'> & { startsInSeconds: number | null }

/**
 * A queued run's position and what blocks it, polled while it is queued: both depend on the workers and on
 * the runs of all teams, and no event of this run announces a change.
 */
export function useRunTurn({ id, status, queuePosition, waitingReason }: PageRun): Turn {
  const isWaiting = status === 'QUEUED'
  const query = useQuery(RunTurnDocument, { variables: { id }, skip: !isWaiting, fetchPolicy: 'no-cache' })
  usePollWhile(query, isWaiting, POLL_MS)
  const node = query.data?.node
  // A result from before the run was claimed is out of date.
  const isCurrent = isWaiting && node?.__typename === 'Run' && node.status === 'QUEUED'
  return isCurrent ? node : { queuePosition, waitingReason, startsInSeconds: null }
}
