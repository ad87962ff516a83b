'use client'

import { useQuery } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { RunEventsDocument, RunPageDocument } from '../../../graphql/generated/operations.ts'
import { type LiveState, useLive } from '../../../graphql/use-live.ts'
import { applyEvent, openFeed, type RunFeed } from './run-feed.ts'

/** Events arrive several times a second; the page renders at most this often. */
const RENDER_EVERY_MS = 200

const RELOADED_AT = ['QUEUED', 'RUNNING'] as const

export interface RunFeedResult {
  feed: RunFeed | null
  missing: boolean
  error: Error | undefined
  live: LiveState
  reload: () => void
}

/**
 * A live run: the query returns the run up to a sequence number, and the subscription continues from there.
 * After a disconnect it continues from the latest event seen.
 */
export function useRunFeed(slug: string, number: number): RunFeedResult {
  // Not cached, because a cached result's curves and lastSeq could be from different times.
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
    // Resubscribes from this result's sequence number; events in between would otherwise be lost.
    setShown(({ opening }) => ({ feed: newest.current, opening: opening + 1 }))
  }, [data])
  useEffect(() => () => clearTimeout(timer.current), [])

  const reload = useCallback(() => void refetch().catch(() => undefined), [refetch])
  const scheduleRender = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      setShown((before) => ({ ...before, feed: newest.current }))
    }, RENDER_EVERY_MS)
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
      scheduleRender()
      // Queue position, worker and threads are not part of any event.
      if (RELOADED_AT.some((state) => (run.status === state) !== (status === state))) reload()
    },
    // The run has ended, so its models and evaluation are available now.
    onComplete: reload,
  })

  return { feed: shown.feed, missing: data !== undefined && !data.team?.run, error, live, reload }
}
