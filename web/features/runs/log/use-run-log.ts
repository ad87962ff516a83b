'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type LogLinePartsFragment, RunLogDocument } from '../../../graphql/generated/operations.ts'

/**
 * The log of a run from its first line on, null before the first page is there. It is read again from where it ended
 * whenever `logSeq` grows: the page's subscription tells that there is more, and the query says what.
 * @param logSeq  the newest event that may be a line
 */
export function useRunLog(runId: string, logSeq: number) {
  const client = useApolloClient()
  const [lines, setLines] = useState<LogLinePartsFragment[] | null>(null)
  const [error, setError] = useState<Error>()
  const wanted = useRef(logSeq)
  wanted.current = logSeq
  const place = useRef({ after: null as string | null, upTo: -1, reading: false })
  const mounted = useRef(true)

  const readOn = useCallback(async () => {
    const at = place.current
    if (at.reading) return
    at.reading = true
    try {
      while (mounted.current && at.upTo < wanted.current) {
        const seq = wanted.current
        const { data } = await client.query({
          query: RunLogDocument,
          variables: { id: runId, after: at.after },
          fetchPolicy: 'no-cache',
        })
        const page = data?.node?.__typename === 'Run' ? data.node.log : undefined
        at.after = page?.pageInfo.endCursor ?? at.after
        if (!page?.pageInfo.hasNextPage) at.upTo = seq
        setLines((before) => [...(before ?? []), ...(page?.nodes ?? [])])
      }
      setError(undefined)
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
    } finally {
      at.reading = false
    }
  }, [client, runId])

  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line that came is what makes it read on
  useEffect(() => void readOn(), [readOn, logSeq])

  return { lines, error, retry: () => void readOn() }
}
