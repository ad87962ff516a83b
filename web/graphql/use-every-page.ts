import { useEffect, useRef } from 'react'

/** Thousands of rows: nobody chooses from more, and no page may keep a server busy with one list. */
export const MOST_PAGES = 100

interface Page {
  hasNextPage: boolean
  endCursor?: string | null
}

/** Asks for one page after another until a list is whole, for choices that must not leave anything out. */
export function useEveryPage(
  page: Page | undefined,
  fetchMore: (options: { variables: { after: string } }) => Promise<unknown>,
): void {
  const next = page?.hasNextPage ? page.endCursor : null
  const asked = useRef(1)
  useEffect(() => {
    if (!next || asked.current >= MOST_PAGES) return
    asked.current++
    // What failed leaves the list as long as it is.
    fetchMore({ variables: { after: next } }).catch(() => undefined)
  }, [next, fetchMore])
}
