'use client'

import { useQuery } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { InstanceWorkersDocument } from '../../graphql/generated/operations.ts'
import { CapacityPanel } from '../workers/capacity-panel.tsx'
import { QueuePanel } from '../workers/queue-panel.tsx'
import { WorkersTable } from '../workers/workers-table.tsx'

const REFRESH_MS = 5_000

/** Every worker by its own name, which says where it runs. */
export function WorkersTab() {
  const { data, error, refetch } = useQuery(InstanceWorkersDocument, {
    pollInterval: REFRESH_MS,
    fetchPolicy: 'cache-and-network',
  })
  const workers = data?.instance?.workers
  return (
    <div className="flex flex-col gap-6">
      <Panel title="Workers" flush>
        {!workers ? (
          <NotLoaded
            title="The workers could not be loaded"
            error={error}
            onRetry={() => void refetch()}
            rows={2}
          />
        ) : workers.length === 0 ? (
          <Text size="sm" c="dimmed" className="px-5 py-6">
            No worker has ever run. Start one by npm run worker.
          </Text>
        ) : (
          <WorkersTable workers={workers} onChanged={() => void refetch()} />
        )}
      </Panel>
      <QueuePanel />
      <CapacityPanel />
    </div>
  )
}
