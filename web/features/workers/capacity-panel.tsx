'use client'

import { useQuery } from '@apollo/client/react'
import { SegmentedControl, Table, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Disclosure } from '../../design/disclosure.tsx'
import { formatInstant } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { CapacityDocument, type CapacityQuery } from '../../graphql/generated/operations.ts'
import { CapacityChart, CapacityLegend } from './capacity-chart.tsx'
import { columnsOf, STATE_WORDS, STATES } from './capacity-columns.ts'

const REFRESH_MS = 60_000
const SPANS = [
  { value: '24', label: 'Day' },
  { value: '168', label: 'Week' },
  { value: '744', label: 'Month' },
]

/** How many places workers had, and what became of them. */
export function CapacityPanel() {
  const [hours, setHours] = useState(24)
  const { data, previousData, error, refetch } = useQuery(CapacityDocument, {
    variables: { hours },
    pollInterval: REFRESH_MS,
    fetchPolicy: 'cache-and-network',
  })
  const rows = (data ?? previousData)?.capacity
  return (
    <Panel
      title="Capacity"
      note="Places for runs, counted once a minute"
      actions={
        <SegmentedControl
          aria-label="Capacity of the last"
          data={SPANS}
          value={String(hours)}
          onChange={(value) => setHours(Number(value))}
        />
      }
    >
      {!rows ? (
        <NotLoaded
          title="The capacity could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          rows={2}
        />
      ) : rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No worker was there in this time.
        </Text>
      ) : (
        <CapacityOver rows={rows} hours={hours} />
      )}
    </Panel>
  )
}

type Rows = CapacityQuery['capacity']

function CapacityOver({ rows, hours }: { rows: Rows; hours: number }) {
  const nowMs = useMemo(() => (rows.length > 0 ? Date.now() : 0), [rows])
  return (
    <div className="flex flex-col gap-4">
      <CapacityLegend />
      {columnsOf(rows, hours, nowMs).map((columns) => (
        <CapacityChart key={columns.device} {...columns} />
      ))}
      <div className="numbers flex justify-between text-xs text-[var(--mantine-color-dimmed)]">
        <span>{formatInstant(new Date(nowMs - hours * 3_600_000).toISOString())}</span>
        <span>now</span>
      </div>
      <Disclosure label="As a table">
        <CapacityTable rows={rows} />
      </Disclosure>
    </div>
  )
}

function CapacityTable({ rows }: { rows: Rows }) {
  return (
    <TableFrame label="Capacity" minWidth={520}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>From</Table.Th>
          <Table.Th>Device</Table.Th>
          {STATES.map((state) => (
            <Table.Th key={state} ta="right">
              {STATE_WORDS[state]}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.toReversed().map((row) => (
          <Table.Tr key={`${row.at} ${row.device}`}>
            <Table.Td>{formatInstant(row.at)}</Table.Td>
            <Table.Td>{row.device}</Table.Td>
            {STATES.map((state) => (
              <Table.Td key={state} ta="right">
                {Number(row[state].toFixed(1))}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
