'use client'

import { useEffect } from 'react'

/** Asks a query again every `everyMs` while `moving`. */
export function usePollWhile(
  query: { startPolling: (everyMs: number) => void; stopPolling: () => void },
  moving: boolean,
  everyMs: number,
): void {
  const { startPolling, stopPolling } = query
  useEffect(() => {
    if (!moving) return
    startPolling(everyMs)
    return stopPolling
  }, [startPolling, stopPolling, moving, everyMs])
}
