'use client'

import { Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { countOf, formatIdentity } from '../../../design/format-numbers.ts'
import { keepPlaceHere, readPlaceHere } from '../../../design/history/places.ts'
import type { Version } from '../dataset-version.ts'
import { PictureTile, TILE_PIXELS } from './picture-tile.tsx'
import { useGridKeys } from './use-grid-keys.ts'
import { type Picture, type PictureFilter, usePicturePages } from './use-picture-pages.ts'
import type { Selection } from './use-selection.ts'

const GAP = 4
const PITCH = TILE_PIXELS + GAP
const HEIGHT = 420
const ROWS_BEYOND = 4
const NAME = 'images'

interface Props {
  version: Version
  sheetsUrl: string
  filter: PictureFilter
  selection: Selection
  isEditable: boolean
}

/** The rows of the grid that are in sight, and the row of the cell that has the focus, however far away that is. */
export function PictureRows({ version, sheetsUrl, filter, selection, isEditable }: Props) {
  const { totalCount, error, pictureAt, show } = usePicturePages(version.id, filter)
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>()
  const scroller = useRef<HTMLDivElement>(null)
  const count = totalCount ?? 0
  const columns = Math.max(1, Math.floor((width + GAP) / PITCH))
  // How many fit in a row is not known before the frame has been measured.
  const rowCount = width === 0 ? 0 : Math.ceil(count / columns)
  const keys = useGridKeys({
    count,
    columns,
    rowsInSight: Math.floor(HEIGHT / PITCH),
    frame: scroller,
    scrollToRow: (row) => rows.scrollToIndex(row),
  })
  const currentRow = Math.floor(keys.current / columns)
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => PITCH,
    overscan: ROWS_BEYOND,
    // A wheel that turns on is not kept waiting for every row that it passes.
    useFlushSync: false,
    rangeExtractor: (range) => withRow(range, currentRow),
  })
  const { startIndex, endIndex } = rows.range ?? { startIndex: 0, endIndex: 0 }
  const first = Math.max(0, startIndex - ROWS_BEYOND) * columns
  const last = Math.min(count, (endIndex + 1 + ROWS_BEYOND) * columns) - 1
  useEffect(() => {
    if (last >= first) show(first, last)
  }, [first, last, show])

  const hasRows = rowCount > 0
  useEffect(() => {
    if (hasRows && scroller.current) scroller.current.scrollTop = readPlaceHere(NAME) ?? 0
  }, [hasRows])

  const tileAt = (position: number) => {
    const picture = pictureAt(position)
    return (
      <PictureTile
        key={position}
        picture={picture}
        position={position}
        column={position % columns}
        name={nameOf(picture, version)}
        sheetsUrl={sheetsUrl}
        isCurrent={position === keys.current}
        isChosen={isEditable ? picture !== undefined && selection.has(picture) : null}
        onToggle={selection.toggle}
        onReach={keys.onReach}
      />
    )
  }
  if (error) return <ErrorNotice title="The images could not be loaded" error={error} />
  return (
    <>
      <Text size="sm" c="dimmed" mb={6} role="status">
        {totalCount === null ? 'Loading…' : countOf(totalCount, 'image')}
      </Text>
      <div ref={sizeRef}>
        {count > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a table's columns are given; here they are as many as fit
          <div
            ref={scroller}
            className="overflow-y-auto"
            style={{ height: Math.min(HEIGHT, rows.getTotalSize()) }}
            role="grid"
            tabIndex={-1}
            aria-label="Grid of images"
            aria-rowcount={rowCount}
            aria-colcount={columns}
            aria-multiselectable={isEditable}
            onScroll={({ currentTarget }) => keepPlaceHere(NAME, currentTarget.scrollTop)}
            onKeyDown={keys.onKeyDown}
          >
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
              {rows.getVirtualItems().map((row) => (
                // biome-ignore lint/a11y/useSemanticElements: as above
                // biome-ignore lint/a11y/useFocusableInteractive: its cells are
                <div
                  key={row.key}
                  role="row"
                  aria-rowindex={row.index + 1}
                  className="absolute top-0 left-0 flex"
                  style={{ transform: `translateY(${row.start}px)`, gap: GAP }}
                >
                  {Array.from({ length: Math.min(columns, count - row.index * columns) }, (_, column) =>
                    tileAt(row.index * columns + column),
                  )}
                </div>
              ))}
            </div>
          </div>
        )}
      </div>
    </>
  )
}

function nameOf(picture: Picture | undefined, { classes }: Version): string {
  if (picture?.class != null) return classes[picture.class] ?? ''
  if (picture?.identity === 0) return 'distractor'
  return picture?.identity == null ? '' : formatIdentity(picture.identity)
}

function withRow(range: Range, row: number): number[] {
  const inSight = defaultRangeExtractor(range)
  return inSight.includes(row) || row >= range.count ? inSight : [...inSight, row].sort((a, b) => a - b)
}
