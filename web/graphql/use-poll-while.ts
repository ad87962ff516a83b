'use client'

import { useEffect } from 'react'

export interface Polled {
  startPolling: (everyMs: number) => void
  stopPolling: () => void
}

/** Polls a query every `everyMs` while `moving`, for data that no event announces; otherwise use useLive. */
export function usePollWhile(query: Polled, moving: boolean, everyMs: number): void {
  const { startPolling, stopPolling } = query
  useEffect(() => {
    if (!moving) return
    startPolling(everyMs)
    return stopPolling
  }, [startPolling, stopPolling, moving, everyMs])
}
