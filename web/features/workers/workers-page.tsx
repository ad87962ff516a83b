'use client'

import { useQuery } from '@apollo/client/react'
import { Code } from '@mantine/core'
import { IconCpu } from '@tabler/icons-react'
import { CopyValue } from '../../design/copy-value.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ViewerDocument, WorkersDocument, type WorkersQuery } from '../../graphql/generated/operations.ts'
import { CapacityPanel } from './capacity-panel.tsx'
import { QueuePanel } from './queue-panel.tsx'
import { WorkersTable } from './workers-table.tsx'

/** A worker that dies tells nobody: what the page is for, its silence, is in no event. */
const REFRESH_MS = 5_000
const COMMAND = 'npm run worker'

/** Every worker there is: what it trains on, whether it lives, what it does. */
export function WorkersPage() {
  const { data, error, refetch } = useQuery(WorkersDocument, {
    pollInterval: REFRESH_MS,
    fetchPolicy: 'cache-and-network',
  })
  const mayDrain = useQuery(ViewerDocument).data?.viewer?.isAdministrator ?? false
  return (
    <>
      <PageHeader title="Workers" note={data ? note(data.workers) : 'Processes that import and train'} />
      <div className="flex flex-col gap-6">
        <Panel flush>
          {!data ? (
            <NotLoaded
              title="The workers could not be loaded"
              error={error}
              onRetry={() => void refetch()}
              rows={2}
            />
          ) : data.workers.length === 0 ? (
            <NoWorkers />
          ) : (
            <WorkersTable workers={data.workers} onChanged={mayDrain ? () => void refetch() : null} />
          )}
        </Panel>
        <QueuePanel />
        <CapacityPanel />
      </div>
    </>
  )
}

function NoWorkers() {
  return (
    <EmptyState
      icon={<IconCpu size={22} aria-hidden />}
      title="No workers"
      action={
        <span className="inline-flex items-center gap-2">
          <Code>{COMMAND}</Code> <CopyValue value={COMMAND} label="Copy the command" />
        </span>
      }
    >
      Runs wait until one is running. Start it on this machine, or on any other that can reach the database
      and the storage.
    </EmptyState>
  )
}

function note(workers: WorkersQuery['workers']): string {
  const living = workers.filter(({ silent }) => !silent)
  if (workers.length > 0 && living.length === 0) return 'No worker responds: runs wait until one does'
  const places = living.reduce((sum, { capacity }) => sum + capacity, 0)
  const taken = living.reduce((sum, { runsInHand }) => sum + runsInHand, 0)
  const cards = living.some(({ device }) => device === 'GPU') ? '' : ', no GPU'
  return `${countOf(living.length, 'worker')}, ${taken} of ${countOf(places, 'place')} taken${cards}`
}
