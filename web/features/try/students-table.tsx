import { Table } from '@mantine/core'
import { formatBytes, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { NameCell } from '../../design/name-cell.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { Backend } from './load-tensorflow.ts'
import { FileState, sum, Time, timeTitle } from './student-cells.tsx'
import { rankClasses } from './tell-answers.ts'
import type { Answer, Answers } from './use-answers.ts'
import type { FileStage, Subject } from './use-model-files.ts'

interface Props {
  subjects: Subject[]
  stages: FileStage[]
  classes: string[] | null
  answers: Answers | null
  backend: Backend | null
  /** Measured on the test pictures; null where the run has no ensemble. */
  ensembleTop1: number | null
}

/** The students side by side: what each says, how sure, how fast on this device, how large, how good on the test pictures. */
export function StudentsTable({ subjects, stages, classes, answers, backend, ensembleTop1 }: Props) {
  return (
    <TableFrame label="Students compared" minWidth={720} className="whitespace-nowrap">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>Answer</Table.Th>
          <Table.Th ta="right">Confidence</Table.Th>
          <Table.Th ta="right">{timeTitle(backend)}</Table.Th>
          <Table.Th ta="right">Download</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">Test accuracy</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {subjects.map(({ id, name, architecture, artifact, parameters, top1 }, index) => (
          <Table.Tr key={id}>
            <NameCell name={name} note={architecture} />
            <Said answer={answers?.students[index]} classes={classes} />
            <Table.Td ta="right">
              <FileState stage={stages[index]} byteLength={artifact?.byteLength} />
            </Table.Td>
            <Table.Td ta="right">{formatParameters(parameters)}</Table.Td>
            <Table.Td ta="right">{formatShare(top1)}</Table.Td>
          </Table.Tr>
        ))}
        {ensembleTop1 !== null && (
          <Table.Tr>
            <NameCell name="Ensemble" note="mean posterior" />
            <Said answer={answers?.ensemble ?? undefined} classes={classes} />
            <Table.Td ta="right">
              {formatBytes(sum(subjects.map(({ artifact }) => artifact?.byteLength)))}
            </Table.Td>
            <Table.Td ta="right">
              {formatParameters(sum(subjects.map(({ parameters }) => parameters)))}
            </Table.Td>
            <Table.Td ta="right">{formatShare(ensembleTop1)}</Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </TableFrame>
  )
}

function Said({ answer, classes }: { answer: Answer | undefined; classes: string[] | null }) {
  const [first] = answer?.posterior && classes ? rankClasses(answer.posterior, classes, 1) : []
  return (
    <>
      <Table.Td fw={500}>{first?.label ?? '–'}</Table.Td>
      <Table.Td ta="right">{formatShare(first?.share)}</Table.Td>
      <Table.Td ta="right">{first && answer ? <Time latency={answer.latency} /> : '–'}</Table.Td>
    </>
  )
}
