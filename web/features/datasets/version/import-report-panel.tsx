import { Button, List, Table, Text } from '@mantine/core'
import { Facts } from '../../../design/facts.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { DatasetPageQuery } from '../../../graphql/generated/operations.ts'
import { DoubtsNote } from '../doubts-note.tsx'

type Dataset = Extract<DatasetPageQuery['node'], { __typename: 'Dataset' }>
export type Report = NonNullable<Dataset['versions'][number]['report']>

/** What the import did with every file: nothing is left out silently. */
export function ImportReportPanel({ report, versionId }: { report: Report; versionId: string }) {
  return (
    <Panel
      title="Import report"
      actions={
        <Button component="a" variant="default" size="xs" href={`/files/reports/${versionId}.csv`} download>
          Save as CSV
        </Button>
      }
    >
      <Facts
        facts={[
          ['Imported', formatCount(report.pictures)],
          ['Resized', formatCount(report.resizedCount)],
          ['Left out', formatCount(report.leftOutCount)],
          ['Not images', formatCount(report.ignoredCount)],
        ]}
      />
      {report.notes.length > 0 && (
        <List size="sm" mt="md">
          {report.notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
      {report.doubts.length > 0 && (
        <div className="mt-4">
          <DoubtsNote doubts={report.doubts} />
        </div>
      )}
      <FileList title="Images left out" files={report.leftOut} total={report.leftOutCount} />
      <FileList title="Files that are not images" files={report.ignored} total={report.ignoredCount} />
    </Panel>
  )
}

function FileList(props: { title: string; files: Report['leftOut']; total: number }) {
  if (props.files.length === 0) return null
  return (
    <div className="mt-5">
      <Text size="sm" fw={600} mb={4}>
        {props.title}
      </Text>
      <div className="max-h-80 overflow-y-auto rounded-md border border-[var(--line)]">
        <TableFrame label={props.title} minWidth={480} verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>File</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.files.map(({ path, reason }) => (
              <Table.Tr key={path}>
                <Table.Td className="font-mono text-xs break-all">{path}</Table.Td>
                <Table.Td>{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </TableFrame>
      </div>
      {props.total > props.files.length && (
        <Text size="xs" c="dimmed" mt={4}>
          The first {formatCount(props.files.length)} of {countOf(props.total, 'file')}.
        </Text>
      )}
    </div>
  )
}
