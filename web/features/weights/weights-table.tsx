import { Table, Text } from '@mantine/core'
import Link from 'next/link'
import { formatBytes } from '../../design/format-numbers.ts'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import type { WeightsRowFragment } from '../../graphql/generated/operations.ts'
import { describeMatch, kindWords, statusWords } from './weights-words.ts'

export function WeightsTable({ weights, base }: { weights: WeightsRowFragment[]; base: string }) {
  return (
    <TableFrame label="Weights" minWidth={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Weights</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Fits best</Table.Th>
          <Table.Th>Licence</Table.Th>
          <Table.Th ta="right">Size</Table.Th>
          <Table.Th>Uploaded</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {weights.map((one) => (
          <Table.Tr key={one.id} className="linked-row">
            <Table.Td>
              <Link href={`${base}/weights/${one.id}`} className="row-link">
                {one.name}
              </Link>
              <Text size="xs" c="dimmed">
                {one.fileKind ? kindWords[one.fileKind] : one.fileName}
              </Text>
            </Table.Td>
            <Table.Td>{statusWords[one.status]}</Table.Td>
            <Table.Td>
              {one.fits[0] && (
                <>
                  {one.fits[0].architecture}
                  <Text size="xs" c="dimmed">
                    {describeMatch(one.fits[0])}
                  </Text>
                </>
              )}
            </Table.Td>
            <Table.Td>{one.licence ?? 'not stated'}</Table.Td>
            <Table.Td ta="right">{formatBytes(Number(one.byteLength))}</Table.Td>
            <Table.Td>
              <span title={formatInstant(one.createdAt)}>{formatAge(one.createdAt)}</span>
              <Text size="xs" c="dimmed">
                {one.createdBy.name}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
