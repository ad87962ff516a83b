import { Skeleton } from '@mantine/core'

/** Skeleton rows with the height of the real ones, to avoid layout shift. */
export function LoadingRows({ rows = 5, height = 44 }: { rows?: number; height?: number }) {
  return (
    <div className="flex flex-col gap-2 p-4" aria-busy="true" aria-live="off">
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={height} radius="sm" />
      ))}
      <span className="sr-only">Loading</span>
    </div>
  )
}
