'use client'

import { Button, Popover, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilter } from '@tabler/icons-react'
import { useState } from 'react'
import {
  findConditionProblem,
  isRunColumn,
  type RunColumn,
  type RunComparison,
  type RunCondition,
} from '../../../contract/runs/run-columns.ts'
import { sentence } from '../../forms/sentence.ts'
import {
  COMPARISON_WORDS,
  columnChoices,
  columnLabel,
  columnOptions,
  comparisonsOf,
  isShare,
} from './column-words.ts'

/** Adds a condition to the list's filter. */
export function ConditionForm({ onAdd }: { onAdd: (condition: RunCondition) => void }) {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [column, setColumn] = useState<RunColumn>('best')
  const [is, setIs] = useState<RunComparison>('AT_LEAST')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const options = columnOptions(column)
  const pick = (next: string | null) => {
    if (next === null || !isRunColumn(next)) return
    setColumn(next)
    setIs(comparisonsOf(next)[0] ?? 'EQUAL')
    setText('')
    setProblem(null)
  }
  const submit = () => {
    const value = isShare(column) && text.trim() !== '' ? String(Number(text) / 100) : text.trim()
    const condition = { column, is, value }
    const wrong =
      value === ''
        ? 'Give a value.'
        : findConditionProblem(condition) && `${columnLabel(column)} is a number.`
    setProblem(wrong && sentence(wrong))
    if (wrong) return
    onAdd(condition)
    close()
  }
  return (
    <Popover
      opened={opened}
      onChange={(isOpen) => !isOpen && close()}
      position="bottom-start"
      width={300}
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={16} />}
          onClick={toggle}
          aria-expanded={opened}
        >
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a filter">
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <Select
            label="Column"
            data={columnChoices}
            value={column}
            onChange={pick}
            searchable
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            label="Comparison"
            data={comparisonsOf(column).map((value) => ({ value, label: COMPARISON_WORDS[value] }))}
            value={is}
            onChange={(next) => next && setIs(next as RunComparison)}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
          />
          {options ? (
            <Select
              label="Value"
              data={options}
              value={text || null}
              onChange={(next) => setText(next ?? '')}
              error={problem}
              comboboxProps={{ withinPortal: false }}
            />
          ) : (
            <TextInput
              label={isShare(column) ? 'Value, per cent' : 'Value'}
              value={text}
              maxLength={200}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              error={problem}
            />
          )}
          <Button type="submit">Add the filter</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

/** `Best is at least 90 %`. */
export function conditionWords({ column, is, value }: RunCondition): string {
  const label = columnOptions(column)?.find((option) => option.value === value)?.label
  const words = isShare(column) ? `${Number((100 * Number(value)).toFixed(2))} %` : (label ?? value)
  const isHidden =
    column === 'cohortId' || column === 'versionId' || column === 'recipeKey' || column === 'datasetId'
  return isHidden ? HIDDEN_WORDS[column] : `${columnLabel(column)} ${COMPARISON_WORDS[is]} ${words}`
}

/** Of conditions whose values say nothing to people. */
const HIDDEN_WORDS = {
  cohortId: 'One cohort',
  datasetId: 'One dataset',
  versionId: 'One dataset version',
  recipeKey: 'One recipe',
}
