'use client'

import { Table, useComputedColorScheme } from '@mantine/core'
import { lineStyle } from '../../../charts/line-style.ts'
import { formatMetric, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { PageRun } from '../live/run-feed.ts'

/** Each student with its latest metrics. */
export function RunStudentsPanel({
  students,
  isRetrieval,
}: {
  students: PageRun['students']
  isRetrieval: boolean
}) {
  const what = isRetrieval ? 'mAP' : 'Test'
  const scheme = useComputedColorScheme('light')
  return (
    <Panel title="Students" flush>
      <TableFrame label="Students" minWidth={620}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Student</Table.Th>
            <Table.Th>Architecture</Table.Th>
            <Table.Th ta="right">Loss</Table.Th>
            <Table.Th ta="right">Training accuracy</Table.Th>
            <Table.Th ta="right">{what}, last</Table.Th>
            <Table.Th ta="right">{what}, best</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {students.map(({ student, lastLoss, lastTrainTop1, ...tested }) => (
            <Table.Tr key={student.id}>
              <Table.Td fw={500}>
                <span className="inline-flex items-center gap-2 whitespace-nowrap">
                  <span
                    aria-hidden
                    className="size-2.5 rounded-full"
                    style={{ background: lineStyle(student.position, scheme).colour }}
                  />
                  {student.name}
                </span>
              </Table.Td>
              <Table.Td>{student.architecture}</Table.Td>
              <Table.Td ta="right">{formatMetric(lastLoss)}</Table.Td>
              <Table.Td ta="right">{formatShare(lastTrainTop1)}</Table.Td>
              <Table.Td ta="right">
                {formatShare(isRetrieval ? tested.lastTestMap : tested.lastTestTop1)}
              </Table.Td>
              <Table.Td ta="right">
                {formatShare(isRetrieval ? tested.bestTestMap : tested.bestTestTop1)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}
