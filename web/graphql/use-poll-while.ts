'use client'

import { useEffect } from 'react'

export interface Polled {
  startPolling: (everyMs: number) => void
  stopPolling: () => void
}

/** Asks a query again every `everyMs` while `moving`: for what no event tells of. What one tells of comes by useLive. */
export function usePollWhile(query: Polled, moving: boolean, everyMs: number): void {
  const { startPolling, stopPolling } = query
  useEffect(() => {
    if (!moving) return
    startPolling(everyMs)
    return stopPolling
  }, [startPolling, stopPolling, moving, everyMs])
}
