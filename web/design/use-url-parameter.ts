'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

/** A word that the page keeps in its address, so that a link leads to the same view; null takes it out. */
export function useUrlParameter(name: string): [value: string | null, set: (value: string | null) => void] {
  const value = useSearchParams().get(name)
  const set = useCallback(
    (next: string | null) => {
      const search = new URLSearchParams(location.search)
      if (next === null || next === '') search.delete(name)
      else search.set(name, next)
      const text = search.toString()
      // Next follows the history: the address changes without asking the server for a page.
      window.history.replaceState(null, '', text ? `${location.pathname}?${text}` : location.pathname)
    },
    [name],
  )
  return [value, set]
}
