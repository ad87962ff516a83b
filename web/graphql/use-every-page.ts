import { useEffect } from 'react'

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
  useEffect(() => {
    // What failed leaves the list as long as it is.
    if (next) fetchMore({ variables: { after: next } }).catch(() => undefined)
  }, [next, fetchMore])
}
