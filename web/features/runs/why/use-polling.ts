import { useEffect } from 'react'

const EVERY_MS = 2000

/** Asks again and again while something is under way. */
export function usePolling(isUnderWay: boolean, start: (everyMs: number) => void, stop: () => void): void {
  useEffect(() => {
    if (!isUnderWay) return
    start(EVERY_MS)
    return stop
  }, [isUnderWay, start, stop])
}
