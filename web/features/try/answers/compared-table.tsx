import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatBytes, formatParameters, formatShare } from '../../../design/format-numbers.ts'
import { NameCell } from '../../../design/name-cell.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { Backend } from '../networks/load-tensorflow.ts'
import type { FileStage, Subject } from '../networks/use-model-files.ts'
import { FileState, sum, timeTitle } from './student-cells.tsx'

interface Props {
  subjects: Subject[]
  stages: FileStage[]
  backend: Backend | null
  /** Column titles: the result, its confidence or distance, and the student's test score. */
  titles: [result: string, measure: string, score: string]
  /** Three cells: a student's result, its confidence or distance, and the time. */
  result(index: number): ReactNode
  scoreOf(subject: Subject): number | null | undefined
  /** The ensemble's row; null if the run has no ensemble. */
  together: { name: string; note: string; result: ReactNode; score: number } | null
}

/** Compares the students: result, speed on this device, size, and test score. */
export function ComparedTable({ subjects, stages, backend, titles, result, scoreOf, together }: Props) {
  const [resultTitle, measureTitle, scoreTitle] = titles
  return (
    <TableFrame label="Students compared" minWidth={720} className="whitespace-nowrap">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>{resultTitle}</Table.Th>
          <Table.Th ta="right">{measureTitle}</Table.Th>
          <Table.Th ta="right">{timeTitle(backend)}</Table.Th>
          <Table.Th ta="right">Download</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">{scoreTitle}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {subjects.map((subject, index) => (
          <Table.Tr key={subject.id}>
            <NameCell name={subject.name} note={subject.architecture} />
            {result(index)}
            <Table.Td ta="right">
              <FileState stage={stages[index]} byteLength={subject.artifact?.byteLength} />
            </Table.Td>
            <Table.Td ta="right">{formatParameters(subject.parameters)}</Table.Td>
            <Table.Td ta="right">{formatShare(scoreOf(subject))}</Table.Td>
          </Table.Tr>
        ))}
        {together && (
          <Table.Tr>
            <NameCell name={together.name} note={together.note} />
            {together.result}
            <Table.Td ta="right">
              {formatBytes(sum(subjects.map(({ artifact }) => artifact?.byteLength)))}
            </Table.Td>
            <Table.Td ta="right">
              {formatParameters(sum(subjects.map(({ parameters }) => parameters)))}
            </Table.Td>
            <Table.Td ta="right">{formatShare(together.score)}</Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </TableFrame>
  )
}
