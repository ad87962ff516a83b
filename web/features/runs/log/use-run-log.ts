'use client'

import { useApolloClient } from '@apollo/client/react'
import { useEffect, useRef, useState } from 'react'
import { RunLogDocument, type RunLogQuery } from '../../../graphql/generated/operations.ts'
import type { LogLine, LogTail } from '../live/log-tail.ts'
import { EMPTY_BUFFER, isBehind, type LogPage, withPage, withTail } from './log-buffer.ts'

export interface RunLogResult {
  /** Null until the first page is loaded. */
  lines: readonly LogLine[] | null
  /** How many of the oldest lines were dropped, because the log is too long to show. */
  droppedCount: number
  error: Error | undefined
  retry: () => void
}

/**
 * A run's log. Past lines are read once, page by page; later ones come from the run's subscription. The query
 * is used again only if the subscription's tail has dropped lines that were never shown.
 */
export function useRunLog(runId: string, tail: LogTail): RunLogResult {
  const client = useApolloClient()
  const [stored, store] = useState(EMPTY_BUFFER)
  const [error, setError] = useState<Error>()
  const [tries, setTries] = useState(0)
  const buffer = withTail(stored, tail)
  if (buffer !== stored) store(buffer)
  const behind = isBehind(buffer, tail)
  const recorded = useRef(0)
  recorded.current = tail.after
  // After a failure, the next received line triggers a retry.
  const newestAfterError = error && tail.lines.at(-1)?.seq

  // biome-ignore lint/correctness/useExhaustiveDependencies: `completeTo` changing triggers reading the next page
  useEffect(() => {
    if (!behind) return
    let isGone = false
    const recordedSeq = recorded.current
    const variables = { id: runId, after: buffer.cursor }
    client.query({ query: RunLogDocument, variables, fetchPolicy: 'no-cache' }).then(
      ({ data }) => {
        if (isGone) return
        setError(undefined)
        store((before) => withPage(before, pageOf(data), recordedSeq))
      },
      (problem) => {
        if (!isGone) setError(problem instanceof Error ? problem : new Error(String(problem)))
      },
    )
    return () => {
      isGone = true
    }
  }, [client, runId, behind, buffer.completeTo, buffer.cursor, tries, newestAfterError])

  return {
    lines: behind && buffer.lines.length === 0 ? null : buffer.lines,
    droppedCount: buffer.droppedCount,
    error,
    retry: () => setTries((before) => before + 1),
  }
}

function pageOf(data: RunLogQuery | undefined): LogPage {
  const nothing = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
  return data?.node?.__typename === 'Run' ? data.node.log : nothing
}
