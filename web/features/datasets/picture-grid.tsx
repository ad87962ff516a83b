'use client'

import { Button, Checkbox, Select, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { countOf } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { Trouble } from '../../design/trouble.tsx'
import { Thumbnail } from './thumbnail.tsx'
import { type Picture, type PictureFilter, usePicturePages } from './use-picture-pages.ts'
import type { Selection } from './use-selection.ts'
import type { Version } from './version.ts'

const TILE = 56
const GAP = 4
const HEIGHT = 420

interface Props {
  version: Version
  sheetsUrl: string
  selection: Selection
  onEdit: (() => void) | null
}

/** Every picture of a version: only what is in sight is in the page, however many there are. */
export function PictureGrid({ version, sheetsUrl, selection, onEdit }: Props) {
  const [filter, setFilter] = useState<PictureFilter>({
    split: version.splits[0]?.name ?? 'train',
    classIndex: null,
    duplicates: false,
  })
  return (
    <Panel
      title="Pictures"
      note={onEdit ? 'Choose pictures to leave out or to move in a new version' : undefined}
      actions={
        onEdit && (
          <>
            {selection.count > 0 && (
              <Button variant="subtle" size="xs" onClick={selection.clear}>
                Choose none
              </Button>
            )}
            <Button variant="default" size="xs" onClick={onEdit}>
              {selection.count > 0 ? `Edit with ${countOf(selection.count, 'chosen picture')}` : 'Edit'}
            </Button>
          </>
        )
      }
    >
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <Select
          label="Split"
          w={130}
          allowDeselect={false}
          data={version.splits.map(({ name }) => name)}
          value={filter.split}
          onChange={(split) => setFilter({ ...filter, split: split ?? filter.split })}
        />
        <Select
          label="Class"
          w={200}
          searchable
          clearable
          limit={200}
          placeholder="all"
          data={version.classes.map((name, index) => ({ value: String(index), label: name }))}
          value={filter.classIndex === null ? null : String(filter.classIndex)}
          onChange={(value) => setFilter({ ...filter, classIndex: value === null ? null : Number(value) })}
        />
        <Checkbox
          label="Only duplicates"
          mb={8}
          checked={filter.duplicates}
          onChange={(event) => setFilter({ ...filter, duplicates: event.currentTarget.checked })}
        />
      </div>
      <Rows
        key={`${filter.split}/${filter.classIndex}/${filter.duplicates}`}
        version={version}
        sheetsUrl={sheetsUrl}
        filter={filter}
        selection={selection}
      />
    </Panel>
  )
}

interface RowsProps {
  version: Version
  sheetsUrl: string
  filter: PictureFilter
  selection: Selection
}

function Rows({ version, sheetsUrl, filter, selection }: RowsProps) {
  const { totalCount, error, pictureAt, show } = usePicturePages(version.id, filter)
  const { ref: sizeRef, width } = useElementSize()
  const scroller = useRef<HTMLDivElement>(null)
  const columns = Math.max(1, Math.floor((width + GAP) / (TILE + GAP)))
  const rows = useVirtualizer({
    count: Math.ceil((totalCount ?? 0) / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => TILE + GAP,
    overscan: 4,
  })
  const visible = rows.getVirtualItems()
  const first = (visible[0]?.index ?? 0) * columns
  const last = Math.min((totalCount ?? 0) - 1, ((visible.at(-1)?.index ?? 0) + 1) * columns - 1)
  useEffect(() => {
    if (last >= first) show(first, last)
  }, [first, last, show])

  if (error) return <Trouble title="The pictures did not load" error={error} />
  return (
    <>
      <Text size="sm" c="dimmed" mb={6} role="status">
        {totalCount === null ? 'Loading…' : countOf(totalCount, 'picture')}
      </Text>
      {/* biome-ignore lint/a11y/useSemanticElements: a section would need a heading of its own */}
      <div
        ref={scroller}
        className="overflow-y-auto"
        style={{ height: Math.min(HEIGHT, Math.max(TILE, rows.getTotalSize())) }}
        role="region"
        aria-label="Grid of pictures"
      >
        <div ref={sizeRef} style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {visible.map((row) => (
            <div
              key={row.key}
              className="absolute top-0 left-0 flex"
              style={{ transform: `translateY(${row.start}px)`, gap: GAP }}
            >
              {Array.from({ length: columns }, (_, column) => row.index * columns + column)
                .filter((position) => position < (totalCount ?? 0))
                .map((position) => (
                  <Tile
                    key={position}
                    picture={pictureAt(position)}
                    classes={version.classes}
                    sheetsUrl={sheetsUrl}
                    selection={selection}
                  />
                ))}
            </div>
          ))}
        </div>
      </div>
    </>
  )
}

interface TileProps {
  picture: Picture | undefined
  classes: string[]
  sheetsUrl: string
  selection: Selection
}

function Tile({ picture, classes, sheetsUrl, selection }: TileProps) {
  if (!picture) return <div style={{ width: TILE, height: TILE }} className="rounded bg-[var(--line)]" />
  const { split, index, sheet, tile } = picture
  const name = picture.class == null ? 'picture' : classes[picture.class]
  const isChosen = selection.has(picture)
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      aria-label={`${name}, ${split} ${index}`}
      title={`${name}, ${split} ${index}`}
      onClick={() => selection.toggle({ split, index })}
      className={`cursor-pointer overflow-hidden rounded border-0 p-0 ${
        isChosen ? 'outline-3 outline-[var(--mantine-primary-color-filled)] -outline-offset-3' : ''
      }`}
    >
      <Thumbnail sheetsUrl={sheetsUrl} split={split} sheet={sheet} tile={tile} size={TILE} />
    </button>
  )
}
