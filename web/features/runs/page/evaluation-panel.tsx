import { Table } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { EmptyPlace } from '../../../design/empty-place.tsx'
import { countOf, formatMetric, formatParameters, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { PageRun } from '../live/run-feed.ts'

/** What the test pictures say of each student and of all together. */
export function EvaluationPanel({ run }: { run: PageRun }) {
  const { evaluation } = run
  if (!evaluation) {
    return (
      <Panel title="Evaluation" flush>
        <EmptyPlace icon={<IconChartBar size={22} />} title="Not measured yet">
          When training ends, every student and the ensemble are measured on the test pictures.
        </EmptyPlace>
      </Panel>
    )
  }
  const parameters = evaluation.students.reduce((sum, student) => sum + student.parameters, 0)
  return (
    <Panel title="Evaluation" note={`On ${countOf(evaluation.testCount, 'test picture')}`} flush>
      <TableFrame label="Evaluation" minWidth={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Who</Table.Th>
            <Table.Th>Architecture</Table.Th>
            <Table.Th ta="right">Parameters</Table.Th>
            <Table.Th ta="right">Loss</Table.Th>
            <Table.Th ta="right">Accuracy</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {evaluation.students.map((student) => (
            <Table.Tr key={student.name}>
              <Table.Td fw={500}>{student.name}</Table.Td>
              <Table.Td>{student.architecture}</Table.Td>
              <Table.Td ta="right">{formatParameters(student.parameters)}</Table.Td>
              <Table.Td ta="right">{formatMetric(student.loss)}</Table.Td>
              <Table.Td ta="right">{formatShare(student.top1)}</Table.Td>
            </Table.Tr>
          ))}
          <EnsembleRow
            name="Ensemble, mean posterior"
            parameters={parameters}
            top1={evaluation.meanPosteriorTop1}
          />
          <EnsembleRow
            name="Ensemble, concatenated features"
            parameters={parameters}
            top1={evaluation.concatenatedFeaturesTop1}
          />
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

function EnsembleRow({ name, parameters, top1 }: { name: string; parameters: number; top1: number }) {
  return (
    <Table.Tr className="bg-[var(--surface-muted)]">
      <Table.Td fw={500}>{name}</Table.Td>
      <Table.Td>all students</Table.Td>
      <Table.Td ta="right">{formatParameters(parameters)}</Table.Td>
      <Table.Td ta="right">–</Table.Td>
      <Table.Td ta="right">{formatShare(top1)}</Table.Td>
    </Table.Tr>
  )
}
