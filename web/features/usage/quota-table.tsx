'use client'

import { Progress, Table, Text } from '@mantine/core'
import { TableFrame } from '../../design/table-frame.tsx'
import type { QuotaRowFragment } from '../../graphql/generated/operations.ts'
import { formatQuota, levelOf, quotaName } from './quota-words.ts'

const COLOURS = { FINE: 'indigo', SOFT: 'yellow', HARD: 'red' } as const
const WORDS = { FINE: '', SOFT: 'Near the limit', HARD: 'Limit reached' } as const

export function QuotaTable({ quotas }: { quotas: QuotaRowFragment[] }) {
  return (
    <TableFrame label="Limits" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Limit</Table.Th>
          <Table.Th ta="right">Now</Table.Th>
          <Table.Th ta="right">Warned from</Table.Th>
          <Table.Th ta="right">At most</Table.Th>
          <Table.Th w={160}>Used</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {quotas.map((quota) => (
          <QuotaRow key={quota.kind} quota={quota} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function QuotaRow({ quota }: { quota: QuotaRowFragment }) {
  const { kind, used, soft, hard } = quota
  const level = levelOf(quota)
  const limit = (value: number | null | undefined) => (value == null ? 'none' : formatQuota(kind, value))
  return (
    <Table.Tr>
      <Table.Td fw={500}>{quotaName(kind)}</Table.Td>
      <Table.Td ta="right">{formatQuota(kind, used)}</Table.Td>
      <Table.Td ta="right">{limit(soft)}</Table.Td>
      <Table.Td ta="right">{limit(hard)}</Table.Td>
      <Table.Td>
        {hard != null && hard > 0 && (
          <Progress
            value={Math.min(100, (100 * used) / hard)}
            color={COLOURS[level]}
            aria-label={`${quotaName(kind)}: ${Math.round((100 * used) / hard)} % used`}
          />
        )}
        {WORDS[level] && <Text size="xs">{WORDS[level]}</Text>}
      </Table.Td>
    </Table.Tr>
  )
}
