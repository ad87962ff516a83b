import { Table } from '@mantine/core'
import { formatBytes, formatCount, formatShare } from '../../../design/format-numbers.ts'
import { formatInstant } from '../../../design/format-time.ts'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { CheckpointKind, CheckpointRowFragment } from '../../../graphql/generated/operations.ts'

const kinds: Record<CheckpointKind, string> = {
  NEWEST: 'One of the two newest',
  BEST: 'Best on the test images so far',
  FINAL: 'After the last step',
  ORIGIN: 'What this run went on from',
}

export function CheckpointsTable({ checkpoints }: { checkpoints: readonly CheckpointRowFragment[] }) {
  return (
    <TableFrame label="Checkpoints" minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>After step</Table.Th>
          <Table.Th>Epoch</Table.Th>
          <Table.Th>Kept as</Table.Th>
          <Table.Th>Test accuracy</Table.Th>
          <Table.Th>Size</Table.Th>
          <Table.Th>Saved</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {checkpoints.map(({ step, epoch, kind, testTop1, byteLength, createdAt }) => (
          <Table.Tr key={step}>
            <Table.Td>{formatCount(step)}</Table.Td>
            <Table.Td>{formatCount(epoch)}</Table.Td>
            <Table.Td>{kinds[kind]}</Table.Td>
            <Table.Td>{formatShare(testTop1)}</Table.Td>
            <Table.Td>{formatBytes(byteLength)}</Table.Td>
            <Table.Td>{formatInstant(createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
