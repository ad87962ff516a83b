import { Button, Text } from '@mantine/core'
import { useEffect } from 'react'
import { keepPlaceHere, readPlaceHere } from './history/places.ts'

/** A page has one such list at a time. */
const NAME = 'list'

interface Props {
  page: { hasNextPage: boolean; endCursor: string | null } | undefined
  shown: number
  total: number | undefined
  onMore: (after: string | null) => void
}

/**
 * Footer of a paginated list: how many items are shown, and a button for the next page. Where somebody comes back to the
 * list, it goes on to the page that they had come to.
 */
export function ShowMore({ page, shown, total, onMore }: Props) {
  const { hasNextPage = false, endCursor = null } = page ?? {}
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every page that has come, whoever renders it again
  useEffect(() => {
    if (hasNextPage && shown > 0 && shown < (readPlaceHere(NAME) ?? 0)) onMore(endCursor)
  }, [shown, hasNextPage, endCursor])
  if (!page?.hasNextPage) return null
  return (
    <div className="flex items-center justify-center gap-3 p-3">
      <Text size="sm" c="dimmed" className="numbers">
        {shown} of {total}
      </Text>
      <Button
        variant="default"
        size="xs"
        onClick={() => {
          keepPlaceHere(NAME, shown + 1)
          onMore(page.endCursor)
        }}
      >
        Show more
      </Button>
    </div>
  )
}
