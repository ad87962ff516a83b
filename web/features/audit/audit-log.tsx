'use client'

import { Button } from '@mantine/core'
import { IconDownload, IconListSearch } from '@tabler/icons-react'
import { EmptyState } from '../../design/empty-state.tsx'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import type { AuditPageFragment } from '../../graphql/generated/operations.ts'
import { AuditControls } from './audit-controls.tsx'
import { type AuditFilterState, fileOf } from './audit-filter.ts'
import { AuditTable } from './audit-table.tsx'

interface Props {
  state: AuditFilterState
  page: AuditPageFragment | undefined
  /** A team’s id, or `instance`. */
  place: string
  people: { id: string; name: string }[]
  error: Error | undefined
  onRetry: () => void
  onMore: (after: string | null) => void
}

/** The log with its filter, and as a file. */
export function AuditLog({ state, page, place, people, error, onRetry, onMore }: Props) {
  const rows = page?.edges.map(({ node }) => node)
  return (
    <Panel
      title="Events"
      note="The newest first. Rows are only added; nobody changes or removes one."
      actions={<Downloads place={place} state={state} />}
      flush
    >
      <AuditControls state={state} people={people} />
      {!rows ? (
        <NotLoaded title="The log could not be loaded" error={error} onRetry={onRetry} rows={6} />
      ) : rows.length === 0 ? (
        <NoRows state={state} />
      ) : (
        <AuditTable
          rows={rows}
          showsTeam={place === 'instance'}
          onActor={state.setActor}
          onSubject={state.setSubject}
        />
      )}
      {page?.pageInfo.hasNextPage && (
        <div className="flex justify-center p-3">
          <Button variant="default" size="xs" onClick={() => onMore(page.pageInfo.endCursor ?? null)}>
            Show earlier ones
          </Button>
        </div>
      )}
    </Panel>
  )
}

function Downloads({ place, state }: { place: string; state: AuditFilterState }) {
  return (
    <>
      {(['csv', 'jsonl'] as const).map((extension) => (
        <Button
          key={extension}
          component="a"
          href={fileOf(place, extension, state.filter)}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          {extension === 'csv' ? 'CSV' : 'JSON lines'}
          <span className="sr-only">&nbsp;of these events, to download</span>
        </Button>
      ))}
    </>
  )
}

function NoRows({ state }: { state: AuditFilterState }) {
  if (state.isEmpty)
    return (
      <EmptyState icon={<IconListSearch size={22} />} title="Nothing was done yet">
        Whatever is changed from now on appears here.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<IconListSearch size={22} />}
      title="No such events"
      action={
        <Button variant="default" onClick={state.clear}>
          Show all
        </Button>
      }
    >
      No event matches the filter.
    </EmptyState>
  )
}
