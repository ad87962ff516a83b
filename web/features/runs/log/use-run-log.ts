'use client'

import { useApolloClient } from '@apollo/client/react'
import { useEffect, useRef, useState } from 'react'
import { RunLogDocument, type RunLogQuery } from '../../../graphql/generated/operations.ts'
import type { LogLine, LogTail } from '../live/log-tail.ts'
import { EMPTY_BOOK, isBehind, type LogPage, withPage, withTail } from './log-book.ts'

export interface RunLogResult {
  /** Null before the first page is there. */
  lines: readonly LogLine[] | null
  /** Oldest lines that are not among them: a log may be longer than a page can hold. */
  leftOut: number
  error: Error | undefined
  retry: () => void
}

/**
 * The log of a run. Its past is read page by page, once; from there on the run's stream has brought every line already.
 * The query is asked again only where the stream has let lines go that nobody had looked at.
 */
export function useRunLog(runId: string, tail: LogTail): RunLogResult {
  const client = useApolloClient()
  const [kept, keep] = useState(EMPTY_BOOK)
  const [error, setError] = useState<Error>()
  const [tries, setTries] = useState(0)
  const book = withTail(kept, tail)
  if (book !== kept) keep(book)
  const behind = isBehind(book, tail)
  const recorded = useRef(0)
  recorded.current = tail.after
  // After a failure the next line that comes is the next try.
  const newestAfterError = error && tail.lines.at(-1)?.seq

  // biome-ignore lint/correctness/useExhaustiveDependencies: how far the book goes is what has the next page read
  useEffect(() => {
    if (!behind) return
    let isGone = false
    const asked = recorded.current
    const variables = { id: runId, after: book.cursor }
    client.query({ query: RunLogDocument, variables, fetchPolicy: 'no-cache' }).then(
      ({ data }) => {
        if (isGone) return
        setError(undefined)
        keep((before) => withPage(before, pageOf(data), asked))
      },
      (problem) => {
        if (!isGone) setError(problem instanceof Error ? problem : new Error(String(problem)))
      },
    )
    return () => {
      isGone = true
    }
  }, [client, runId, behind, book.readTo, book.cursor, tries, newestAfterError])

  return {
    lines: behind && book.lines.length === 0 ? null : book.lines,
    leftOut: book.leftOut,
    error,
    retry: () => setTries((before) => before + 1),
  }
}

function pageOf(data: RunLogQuery | undefined): LogPage {
  const nothing = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
  return data?.node?.__typename === 'Run' ? data.node.log : nothing
}
