import { Button, Text } from '@mantine/core'

interface Props {
  page: { hasNextPage: boolean; endCursor: string | null } | undefined
  shown: number
  total: number | undefined
  onMore: (after: string | null) => void
}

/** Footer of a paginated list: how many items are shown, and a button for the next page. */
export function ShowMore({ page, shown, total, onMore }: Props) {
  if (!page?.hasNextPage) return null
  return (
    <div className="flex items-center justify-center gap-3 p-3">
      <Text size="sm" c="dimmed" className="numbers">
        {shown} of {total}
      </Text>
      <Button variant="default" size="xs" onClick={() => onMore(page.endCursor)}>
        Show more
      </Button>
    </div>
  )
}
