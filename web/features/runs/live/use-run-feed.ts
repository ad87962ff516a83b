'use client'

import { useQuery } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isEnded } from '../../../../contract/run-states.ts'
import { RunEventsDocument, RunPageDocument } from '../../../graphql/generated/operations.ts'
import { type LiveState, useLive } from '../../../graphql/use-live.ts'
import { applyEvent, openFeed, type RunFeed } from './run-feed.ts'

/** Events come several times a second; the page is drawn at most this often. */
const DRAW_EVERY_MS = 200

export interface RunFeedResult {
  feed: RunFeed | null
  missing: boolean
  error: Error | undefined
  live: LiveState
  reload: () => void
}

/**
 * A run, live: the query gives what was, with the sequence number up to which it goes; the subscription goes on from
 * there. After a broken line it goes on from the newest event seen.
 */
export function useRunFeed(slug: string, number: number): RunFeedResult {
  // Not from the cache: a cached answer's curves and its lastSeq could be of different moments.
  const { data, error, refetch } = useQuery(RunPageDocument, {
    variables: { slug, number },
    fetchPolicy: 'no-cache',
  })
  const newest = useRef<RunFeed | null>(null)
  const [shown, setShown] = useState<{ feed: RunFeed | null; opening: number }>({ feed: null, opening: 0 })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  useEffect(() => {
    const run = data?.team?.run
    newest.current = run ? openFeed(run, newest.current) : null
    // A new opening listens anew, from where this answer ends: what came between would otherwise be lost.
    setShown(({ opening }) => ({ feed: newest.current, opening: opening + 1 }))
  }, [data])
  useEffect(() => () => clearTimeout(timer.current), [])

  const reload = useCallback(() => void refetch().catch(() => undefined), [refetch])
  const drawSoon = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      setShown((before) => ({ ...before, feed: newest.current }))
    }, DRAW_EVERY_MS)
  }
  const key = shown.feed ? `${shown.feed.run.id}/${shown.opening}` : null
  const live = useLive(RunEventsDocument, key, {
    variables: () => {
      const feed = newest.current
      return feed && !isEnded(feed.run.status) ? { runId: feed.run.id, afterSeq: feed.seq } : null
    },
    onData: ({ runEvents }) => {
      if (!newest.current) return
      const { status } = newest.current.run
      newest.current = applyEvent(newest.current, runEvents)
      const { run } = newest.current
      drawSoon()
      // Its place in the queue, and the worker that took it, are in no event.
      if ((run.status === 'QUEUED') !== (status === 'QUEUED')) reload()
    },
    // The run has ended: its models and what the test images say are there now.
    onComplete: reload,
  })

  return { feed: shown.feed, missing: data !== undefined && !data.team?.run, error, live, reload }
}
