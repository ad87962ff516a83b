'use client'

import { Table, Text } from '@mantine/core'
import Link from 'next/link'
import { formatCount } from '../../design/format-numbers.ts'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import type { DatasetRowFragment } from '../../graphql/generated/operations.ts'
import { useVersionLive } from './version/use-version-live.ts'
import { ImportState, isImporting } from './version/version-status.tsx'

interface Props {
  datasets: DatasetRowFragment[]
  base: string
  /** Called when an import has ended. */
  onImported: () => void
}

export function DatasetsTable({ datasets, base, onImported }: Props) {
  return (
    <TableFrame label="Datasets" minWidth={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Dataset</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th ta="right">Classes</Table.Th>
          <Table.Th ta="right">Train</Table.Th>
          <Table.Th ta="right">Test</Table.Th>
          <Table.Th ta="right">Size</Table.Th>
          <Table.Th>Added</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {datasets.map((dataset) => (
          <DatasetRow key={dataset.id} dataset={dataset} base={base} onImported={onImported} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function DatasetRow({
  dataset,
  base,
  onImported,
}: Omit<Props, 'datasets'> & { dataset: DatasetRowFragment }) {
  const version = dataset.versions[0]
  useVersionLive(version && isImporting(version) ? version.id : null, onImported)
  const count = (split: string) => version?.splits.find(({ name }) => name === split)?.count ?? 0
  const testCount = count('test') + count('query') + count('gallery')
  const ready = version?.status === 'READY'
  return (
    <Table.Tr className="linked-row">
      <Table.Td>
        <Link href={`${base}/datasets/${dataset.id}`} className="row-link">
          {dataset.name}
        </Link>
        <Text size="xs" c="dimmed">
          {version ? `version ${version.number}` : 'no version'}
        </Text>
      </Table.Td>
      <Table.Td>{version && <ImportState version={version} />}</Table.Td>
      <Table.Td ta="right">{ready ? formatCount(version.classes.length) : '–'}</Table.Td>
      <Table.Td ta="right">{ready ? formatCount(count('train')) : '–'}</Table.Td>
      <Table.Td ta="right">{ready ? formatCount(testCount) : '–'}</Table.Td>
      <Table.Td ta="right" className="whitespace-nowrap">
        {ready ? `${version.width} × ${version.height}` : '–'}
      </Table.Td>
      <Table.Td title={formatInstant(dataset.createdAt)}>{formatAge(dataset.createdAt)}</Table.Td>
    </Table.Tr>
  )
}
