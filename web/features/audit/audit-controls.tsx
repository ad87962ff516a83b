'use client'

import { Button, Select, TextInput } from '@mantine/core'
import { AUDIT_ACTIONS } from '../../../contract/audit/actions.ts'
import type { AuditFilterState } from './audit-filter.ts'

const ACTIONS = Object.entries(AUDIT_ACTIONS).map(([value, label]) => ({ value, label }))
const OUTCOMES = [
  { value: 'DONE', label: 'Done' },
  { value: 'REFUSED', label: 'Refused' },
  { value: 'FAILED', label: 'Failed' },
]

interface Props {
  state: AuditFilterState
  /** Whom one may choose; others are chosen by their name in the list. */
  people: { id: string; name: string }[]
}

/** What of the log is shown. */
export function AuditControls({ state, people }: Props) {
  const isListed = people.some(({ id }) => id === state.actor)
  const others = state.actor && !isListed ? [{ value: state.actor, label: 'As chosen in the list' }] : []
  return (
    <div className="flex flex-wrap items-end gap-3 px-4 pb-4 sm:px-5">
      <Select
        label="Who"
        placeholder="Anybody"
        className="grow basis-40 sm:max-w-56"
        clearable
        searchable
        data={[...people.map(({ id, name }) => ({ value: id, label: name })), ...others]}
        value={state.actor}
        onChange={state.setActor}
      />
      <Select
        label="What"
        placeholder="Anything"
        className="grow basis-40 sm:max-w-64"
        clearable
        searchable
        data={ACTIONS}
        value={state.action}
        onChange={state.setAction}
      />
      <Select
        label="Outcome"
        placeholder="Any"
        className="grow basis-28 sm:max-w-36"
        clearable
        data={OUTCOMES}
        value={state.outcome}
        onChange={state.setOutcome}
      />
      <TextInput
        label="From"
        type="date"
        value={state.from ?? ''}
        onChange={({ currentTarget }) => state.setFrom(currentTarget.value)}
      />
      <TextInput
        label="To"
        type="date"
        value={state.to ?? ''}
        onChange={({ currentTarget }) => state.setTo(currentTarget.value)}
      />
      {state.subject && (
        <Button variant="default" onClick={() => state.setSubject(null)}>
          About anything again
        </Button>
      )}
    </div>
  )
}
