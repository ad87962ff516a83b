import { Table, type TableProps } from '@mantine/core'

/** A table that scrolls horizontally on narrow screens; focusable, so that arrow keys can scroll it. */
export function TableFrame({
  label,
  minWidth = 640,
  className = '',
  ...table
}: TableProps & { label: string; minWidth?: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a section would need its own heading
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={`${label}, table`}>
      <Table {...table} style={{ minWidth }} className={`numbers ${className}`} />
    </div>
  )
}
