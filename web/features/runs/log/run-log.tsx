'use client'

import { Button, Select, Text, TextInput } from '@mantine/core'
import { IconDownload, IconListSearch, IconSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { EmptyState } from '../../../design/empty-state.tsx'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { Panel } from '../../../design/panel.tsx'
import type { RunFeed } from '../live/run-feed.ts'
import { filterLines, sourceWords, useLogFilter } from './log-filter.ts'
import { LogLines } from './log-lines.tsx'
import { useRunLog } from './use-run-log.ts'

/** The live log of a run: lines from worker, training process and TensorFlow. */
export function RunLog({ feed: { run, log } }: { feed: RunFeed }) {
  const { lines, droppedCount, error, retry } = useRunLog(run.id, log)
  const filter = useLogFilter()
  const { level, source, find } = filter.filter
  const shown = useMemo(() => filterLines(lines ?? [], { level, source, find }), [lines, level, source, find])
  if (error && !lines)
    return <ErrorNotice title="The log could not be loaded" error={error} onRetry={retry} />
  return (
    <Panel
      title="Log"
      note={lines ? countShown(shown.length, lines.length, droppedCount) : 'Loading…'}
      actions={<Downloads runId={run.id} />}
      flush
    >
      <LogControls {...filter} />
      {error && (
        <Text size="sm" px="lg" pb="sm" role="alert">
          Newer lines could not be loaded.{' '}
          <Button variant="subtle" size="compact-sm" onClick={retry}>
            Try again
          </Button>
        </Text>
      )}
      {!lines ? (
        <LoadingRows rows={6} height={20} />
      ) : shown.length > 0 ? (
        <LogLines lines={shown} find={filter.filter.find} />
      ) : (
        <NoLines isFiltered={lines.length > 0} onClear={filter.clear} />
      )}
    </Panel>
  )
}

function countShown(shown: number, all: number, droppedCount: number): string {
  const lines = shown === all ? countOf(all, 'line') : `${formatCount(shown)} of ${countOf(all, 'line')}`
  return droppedCount === 0 ? lines : `${lines}; ${formatCount(droppedCount)} before them are in the download`
}

function LogControls({ filter, setLevel, setSource, setFind }: ReturnType<typeof useLogFilter>) {
  return (
    <div className="flex flex-wrap items-end gap-3 px-4 pb-4 sm:px-5">
      <TextInput
        label="Find"
        className="min-w-40 grow basis-full sm:max-w-80 sm:basis-40"
        leftSection={<IconSearch size={16} />}
        placeholder="words in a line"
        value={filter.find}
        onChange={({ currentTarget }) => setFind(currentTarget.value)}
      />
      <Select
        label="Level"
        className="basis-40 grow sm:grow-0 sm:basis-44"
        allowDeselect={false}
        data={[
          { value: 'INFO', label: 'All' },
          { value: 'WARN', label: 'Warnings and up' },
          { value: 'ERROR', label: 'Errors' },
        ]}
        value={filter.level}
        onChange={setLevel}
      />
      <Select
        label="Said by"
        className="basis-28 grow sm:grow-0 sm:basis-36"
        allowDeselect={false}
        data={[
          { value: '', label: 'All' },
          ...Object.entries(sourceWords).map(([value, label]) => ({ value, label })),
        ]}
        value={filter.source ?? ''}
        onChange={setSource}
      />
    </div>
  )
}

function Downloads({ runId }: { runId: string }) {
  return (
    <>
      {(['txt', 'jsonl'] as const).map((extension) => (
        <Button
          key={extension}
          component="a"
          href={`/files/logs/${runId}.${extension}`}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          {extension === 'txt' ? 'Text' : 'JSON lines'}
          <span className="sr-only">&nbsp;of the log, to download</span>
        </Button>
      ))}
    </>
  )
}

function NoLines({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (!isFiltered)
    return (
      <EmptyState icon={<IconListSearch size={22} />} title="No log lines yet">
        Lines appear here once a worker claims the run.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<IconListSearch size={22} />}
      title="No such lines"
      action={
        <Button variant="default" onClick={onClear}>
          Show all
        </Button>
      }
    >
      No line matches the filters.
    </EmptyState>
  )
}
