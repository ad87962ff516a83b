'use client'

import { Button, Table, Text } from '@mantine/core'
import { formatCount, formatLarge, formatShare } from '../../design/format-numbers.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import type { NetworksQuery } from '../../graphql/generated/operations.ts'

export type Network = NonNullable<NetworksQuery['team']>['networks'][number]

interface Props {
  networks: readonly Network[]
  /** Of the dataset that best scores are of; null for none. */
  dataset: string | null
  isFull: boolean
  onAdd: (architecture: string) => void
}

/** Every network on offer, with its size and what the team's runs say about it. */
export function NetworkTable({ networks, dataset, isFull, onAdd }: Props) {
  return (
    <div className="max-h-[420px] overflow-y-auto rounded-md border border-[var(--line)]">
      <TableFrame
        label="Networks"
        minWidth={660}
        verticalSpacing={5}
        stickyHeader
        className="whitespace-nowrap"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Network</Table.Th>
            <Table.Th ta="right">Parameters</Table.Th>
            <Table.Th ta="right">Multiply-adds</Table.Th>
            <Table.Th ta="right">Step of 64 images</Table.Th>
            <Table.Th ta="right">{dataset ? `Best on ${dataset}` : 'Best score'}</Table.Th>
            <Table.Th>
              <span className="sr-only">Add</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {networks.map((network) => (
            <Table.Tr key={network.name}>
              <Table.Td>
                <span className="font-medium">{network.name}</span>
                <Text size="xs" c="dimmed">
                  {network.family}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{formatLarge(network.parameters)}</Table.Td>
              <Table.Td ta="right">{formatLarge(network.multiplyAdds)}</Table.Td>
              <Table.Td ta="right">
                <StepTimes times={network.stepTimes} />
              </Table.Td>
              <Table.Td ta="right">
                {network.bestScore === null ? <Unknown>none yet</Unknown> : formatShare(network.bestScore)}
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={isFull}
                  aria-label={`Add a student with ${network.name}`}
                  onClick={() => onAdd(network.name)}
                >
                  Add
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </div>
  )
}

function StepTimes({ times }: { times: Network['stepTimes'] }) {
  if (times.length === 0) return <Unknown>not measured yet</Unknown>
  return times.map(({ device, milliseconds }) => (
    <div key={device}>{`${formatMs(milliseconds)} on ${device}`}</div>
  ))
}

function Unknown({ children }: { children: string }) {
  return (
    <Text span size="sm" c="dimmed">
      {children}
    </Text>
  )
}

/** `2.4 ms`, `310 ms`. */
export function formatMs(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : formatCount(milliseconds)} ms`
}
