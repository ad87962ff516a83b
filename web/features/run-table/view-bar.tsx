'use client'

import { Button, CloseButton, MultiSelect, Pill, Popover, Switch, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconColumns3, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { isRunColumn, type RunCondition } from '../../../contract/runs/run-columns.ts'
import { RUN_STATUSES, type RunStatus } from '../../../contract/runs/run-states.ts'
import { type RunGrouping, USUAL_COLUMNS } from '../../../contract/runs/run-view.ts'
import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import { columnChoices } from './column-words.ts'
import { ConditionForm, conditionWords } from './condition-form.tsx'
import { SavedViews } from './saved-views.tsx'
import type { ShownView } from './use-run-view.ts'

const GROUPINGS: { value: RunGrouping; label: string }[] = [
  { value: 'COHORT', label: 'Cohort' },
  { value: 'RECIPE', label: 'Recipe' },
  { value: 'DATASET', label: 'Dataset' },
  { value: 'EXPERIMENT', label: 'Experiment' },
]

/** Search, filters, columns and groups of the list of runs. */
export function ViewBar({ shown }: { shown: ShownView }) {
  const { view, change } = shown
  const remove = (gone: RunCondition) =>
    change({ where: view.where.filter((condition) => condition !== gone) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: this is a search landmark
    <div role="search" aria-label="Runs" className="flex flex-col gap-3 px-4 pt-4 pb-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox text={view.text} onChange={(text) => change({ text })} />
        <MultiSelect
          aria-label="Filter by status"
          placeholder={view.statuses.length > 0 ? '' : 'All statuses'}
          data={RUN_STATUSES.map((value) => ({ value, label: RUN_STATUS_WORDS[value] }))}
          value={view.statuses}
          onChange={(statuses) => change({ statuses: statuses as RunStatus[] })}
          clearable
          clearButtonProps={{ 'aria-label': 'Clear filter' }}
          className="w-full sm:w-44"
        />
        <MultiSelect
          aria-label="Group by"
          placeholder={view.groupBy.length > 0 ? '' : 'Group by'}
          data={GROUPINGS}
          value={view.groupBy}
          onChange={(groupBy) => change({ groupBy: groupBy as RunGrouping[] })}
          clearable
          clearButtonProps={{ 'aria-label': 'Show single runs' }}
          className="w-full sm:w-40"
        />
        <ConditionForm onAdd={(condition) => change({ where: [...view.where, condition] })} />
        <ColumnsChoice shown={shown} />
        <SavedViews shown={shown} />
        <Switch
          label="Archived"
          checked={view.isArchived}
          onChange={({ currentTarget }) => change({ isArchived: currentTarget.checked })}
        />
      </div>
      {view.where.length > 0 && (
        <ul aria-label="Filters" className="m-0 flex list-none flex-wrap gap-2 p-0">
          {view.where.map((condition) => (
            <li key={`${condition.column} ${condition.is} ${condition.value}`}>
              <Pill
                size="md"
                withRemoveButton
                onRemove={() => remove(condition)}
                removeButtonProps={{
                  'aria-label': `Remove “${conditionWords(condition)}”`,
                  'aria-hidden': false,
                  tabIndex: 0,
                }}
              >
                {conditionWords(condition)}
              </Pill>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Asked for a moment after the last letter. */
function SearchBox({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  // A space that was typed last is not asked for, and stays for the word after it.
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text])
  const ask = useDebouncedCallback((next: string) => onChange(next.trim()), 250)
  const type = (next: string) => {
    setTyped(next)
    ask(next)
  }
  return (
    <TextInput
      aria-label="Search runs"
      placeholder="Search"
      data-search
      maxLength={100}
      leftSection={<IconSearch size={16} />}
      value={typed}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      rightSection={typed && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />}
      className="w-full sm:w-56"
    />
  )
}

function ColumnsChoice({ shown: { view, change } }: { shown: ShownView }) {
  return (
    <Popover position="bottom-end" width={320} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />} disabled={view.groupBy.length > 0}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <MultiSelect
          label="Columns"
          description="In the order in which you choose them."
          data={columnChoices}
          value={view.columns}
          onChange={(columns) => change({ columns: columns.filter(isRunColumn) })}
          searchable
          maxDropdownHeight={300}
          comboboxProps={{ withinPortal: false }}
        />
        <Button variant="subtle" size="xs" mt="sm" onClick={() => change({ columns: [...USUAL_COLUMNS] })}>
          The usual columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
