'use client'

import { Button, Checkbox, Select } from '@mantine/core'
import { useSearchParams } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { countOf } from '../../../design/format-numbers.ts'
import { pageUrl } from '../../../design/page-url.ts'
import { Panel } from '../../../design/panel.tsx'
import type { Version } from '../dataset-version.ts'
import { type AddressedFilter, readPictureFilter, writePictureFilter } from './filter-address.ts'
import { PictureRows } from './picture-rows.tsx'
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
  const [chosenSplit] = useState(() => selection.places()[0]?.split)
  const address = useSearchParams()
  const shown = readPictureFilter(new URLSearchParams(address), version, chosenSplit)
  // Who comes with images chosen by a link sees those.
  const [only, setOnly] = useState(() => (chosenSplit ? onlyOf(shown.split) : null))
  const { split, classIndex, duplicates } = shown
  // The same object as long as it says the same: the images of another are fetched.
  const filter = useMemo(
    () => ({ split, classIndex, duplicates, only }),
    [split, classIndex, duplicates, only],
  )
  const frame = useRef<HTMLDivElement>(null)
  const [hasComeForThose] = useState(selection.count > 0)
  useEffect(() => {
    if (hasComeForThose) frame.current?.scrollIntoView()
  }, [hasComeForThose])
  const change = (part: Partial<AddressedFilter>) => {
    const next = writePictureFilter(new URLSearchParams(location.search), { ...shown, ...part })
    window.history.replaceState(null, '', pageUrl(next))
  }
  const clear = () => {
    selection.clear()
    setOnly(null)
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
            onChange={(split) => {
              if (!split) return
              change({ split, classIndex: null })
              setOnly(only && onlyOf(split))
            }}
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
          {(selection.count > 0 || only) && (
            <Checkbox
              label="Only selected"
              mb={8}
              checked={only !== null}
              onChange={(event) => setOnly(event.currentTarget.checked ? onlyOf(shown.split) : null)}
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
