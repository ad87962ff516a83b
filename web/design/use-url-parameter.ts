'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import { pageUrl } from './page-url.ts'

/** State kept in a URL search parameter, so that links lead to the same view; null removes it. */
export function useUrlParameter(name: string): [value: string | null, set: (value: string | null) => void] {
  const value = useSearchParams().get(name)
  const set = useCallback(
    (next: string | null) => {
      const search = new URLSearchParams(location.search)
      if (next === null || next === '') search.delete(name)
      else search.set(name, next)
      // Next.js observes the history API, so the URL changes without a request to the server.
      window.history.replaceState(null, '', pageUrl(search))
    },
    [name],
  )
  return [value, set]
}
