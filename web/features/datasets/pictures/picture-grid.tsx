'use client'

import { Button, Checkbox, Select } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { countOf } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import type { Version } from '../dataset-version.ts'
import { PictureRows } from './picture-rows.tsx'
import type { PictureFilter } from './use-picture-pages.ts'
import type { Selection } from './use-selection.ts'

/** What the API lists by name at once. */
const MOST_ONLY = 1_000

interface Props {
  version: Version
  sheetsUrl: string
  selection: Selection
  onEdit: (() => void) | null
}

/** Every image of a version: only what is in sight is in the page, however many there are. */
export function PictureGrid({ version, sheetsUrl, selection, onEdit }: Props) {
  const onlyOf = (split: string) =>
    (selection.places().find((place) => place.split === split)?.indices ?? []).slice(0, MOST_ONLY)
  const [filter, setFilter] = useState<PictureFilter>(() => {
    // Who comes with images chosen by a link sees those.
    const [chosen] = selection.places()
    const split = chosen?.split ?? version.splits[0]?.name ?? 'train'
    return { split, classIndex: null, duplicates: false, only: chosen ? onlyOf(split) : null }
  })
  const frame = useRef<HTMLDivElement>(null)
  const [hasComeForThose] = useState(selection.count > 0)
  useEffect(() => {
    if (hasComeForThose) frame.current?.scrollIntoView()
  }, [hasComeForThose])
  const change = (part: Partial<PictureFilter>) => setFilter({ ...filter, ...part })
  const clear = () => {
    selection.clear()
    change({ only: null })
  }
  return (
    <div ref={frame} className="scroll-mt-6">
      <Panel
        title="Images"
        note={
          onEdit
            ? `Choose images to leave out ${version.retrieval ? '' : 'or to move '}in a new version`
            : undefined
        }
        actions={
          onEdit && (
            <>
              {selection.count > 0 && (
                <Button variant="subtle" size="xs" onClick={clear}>
                  Clear selection
                </Button>
              )}
              <Button variant="default" size="xs" onClick={onEdit}>
                {selection.count > 0 ? `Edit with ${countOf(selection.count, 'chosen image')}` : 'Edit'}
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
            onChange={(split) =>
              split && change({ split, classIndex: null, only: filter.only && onlyOf(split) })
            }
          />
          {(filter.split === 'train' || !version.retrieval) && (
            <Select
              label={version.retrieval ? 'Identity' : 'Class'}
              w={200}
              searchable
              clearable
              limit={200}
              placeholder="all"
              data={version.classes.map((name, index) => ({ value: String(index), label: name }))}
              value={filter.classIndex === null ? null : String(filter.classIndex)}
              onChange={(value) => change({ classIndex: value === null ? null : Number(value) })}
            />
          )}
          <Checkbox
            label="Only duplicates"
            mb={8}
            checked={filter.duplicates}
            onChange={(event) => change({ duplicates: event.currentTarget.checked })}
          />
          {(selection.count > 0 || filter.only) && (
            <Checkbox
              label="Only selected"
              mb={8}
              checked={filter.only !== null}
              onChange={(event) =>
                change({ only: event.currentTarget.checked ? onlyOf(filter.split) : null })
              }
            />
          )}
        </div>
        <PictureRows
          key={JSON.stringify(filter)}
          version={version}
          sheetsUrl={sheetsUrl}
          filter={filter}
          selection={selection}
          isEditable={onEdit !== null}
        />
      </Panel>
    </div>
  )
}
