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
  /** What is said, how sure or near, and how good a student was when it was measured. */
  titles: [said: string, measure: string, score: string]
  /** Three cells of what a student says, how sure or near, and how fast. */
  said(index: number): ReactNode
  scoreOf(subject: Subject): number | null | undefined
  /** All of them together; null where the run has no ensemble. */
  together: { name: string; note: string; said: ReactNode; score: number } | null
}

/** The students side by side: what each says, how fast on this device, how large, and how good it was. */
export function ComparedTable({ subjects, stages, backend, titles, said, scoreOf, together }: Props) {
  const [saidTitle, measureTitle, scoreTitle] = titles
  return (
    <TableFrame label="Students compared" minWidth={720} className="whitespace-nowrap">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>{saidTitle}</Table.Th>
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
            {said(index)}
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
            {together.said}
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
