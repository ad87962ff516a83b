'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { formatCount } from '../../design/format-numbers.ts'
import { formatDuration } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { QueueDocument, type QueueQuery } from '../../graphql/generated/operations.ts'

const REFRESH_MS = 5_000

/** Who waits, and how long. */
export function QueuePanel() {
  const { data, error, refetch } = useQuery(QueueDocument, {
    pollInterval: REFRESH_MS,
    fetchPolicy: 'cache-and-network',
  })
  return (
    <Panel
      title="Queue"
      note="Teams take turns: the one that trains least is next. The median wait is over the runs that began within a day."
      flush
    >
      {!data ? (
        <NotLoaded
          title="The queue could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          rows={1}
        />
      ) : data.queue.length === 0 ? (
        <Text size="sm" c="dimmed" className="px-5 pb-5">
          No run is waiting or training.
        </Text>
      ) : (
        <QueueTable queue={data.queue} />
      )}
    </Panel>
  )
}

function QueueTable({ queue }: { queue: QueueQuery['queue'] }) {
  const wait = (seconds: number | null) => (seconds === null ? '–' : formatDuration(seconds))
  return (
    <TableFrame label="Queue" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Team</Table.Th>
          <Table.Th ta="right">Wait</Table.Th>
          <Table.Th ta="right">Trained now</Table.Th>
          <Table.Th ta="right">Longest wait</Table.Th>
          <Table.Th ta="right">Median wait</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {queue.map(({ team, teams, waiting, running, longestWaitSeconds, medianWaitSeconds }) => (
          <Table.Tr key={team?.id ?? 'others'}>
            <Table.Td className="max-w-64 break-words">
              {team?.name ?? (teams === 1 ? 'Another team' : `${formatCount(teams)} other teams`)}
            </Table.Td>
            <Table.Td ta="right">{formatCount(waiting)}</Table.Td>
            <Table.Td ta="right">{formatCount(running)}</Table.Td>
            <Table.Td ta="right">{wait(longestWaitSeconds)}</Table.Td>
            <Table.Td ta="right">{wait(medianWaitSeconds)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
