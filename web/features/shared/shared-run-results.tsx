'use client'

import { Table } from '@mantine/core'
import { countOf, formatCount, formatShare } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { SharedRunPartsFragment } from '../../graphql/generated/operations.ts'

interface Row {
  name: string
  architecture: string
  parameters: number | null
  score: number | null
}

/** What was measured at the end; before that, each student's best so far. */
export function SharedRunResults({ run }: { run: SharedRunPartsFragment }) {
  const measure = run.dataset.kind === 'RETRIEVAL' ? 'Mean average precision' : 'Test accuracy'
  return (
    <Panel title="Results" note={noteOf(run)} flush>
      <TableFrame label="Results" minWidth={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th>Architecture</Table.Th>
            <Table.Th ta="right">Parameters</Table.Th>
            <Table.Th ta="right">{measure}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rowsOf(run).map(({ name, architecture, parameters, score }) => (
            <Table.Tr key={name}>
              <Table.Td fw={500}>{name}</Table.Td>
              <Table.Td>{architecture}</Table.Td>
              <Table.Td ta="right">{parameters === null ? '–' : formatCount(parameters)}</Table.Td>
              <Table.Td ta="right">{formatShare(score)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

function noteOf({ evaluation, retrieval }: SharedRunPartsFragment): string {
  if (evaluation) return `On ${countOf(evaluation.testCount, 'test image')}`
  if (retrieval)
    return `${countOf(retrieval.queryCount, 'query', 'queries')} in a gallery of ${formatCount(retrieval.galleryCount)}`
  return 'The best of each student so far'
}

function rowsOf({ evaluation, retrieval, cohort }: SharedRunPartsFragment): Row[] {
  if (evaluation)
    return [
      ...evaluation.students.map(({ top1: score, ...student }) => ({ ...student, score })),
      ensemble('mean posterior', evaluation.meanPosteriorTop1),
      ensemble('concatenated features', evaluation.concatenatedFeaturesTop1),
    ]
  if (retrieval)
    return [
      ...retrieval.students.map(({ score, ...student }) => ({
        ...student,
        score: score.meanAveragePrecision,
      })),
      ensemble('concatenated features', retrieval.ensemble.meanAveragePrecision),
    ]
  return cohort.students.map(({ name, architecture, bestScore: score }) => ({
    name,
    architecture,
    parameters: null,
    score,
  }))
}

function ensemble(architecture: string, score: number): Row {
  return { name: `Ensemble, ${architecture}`, architecture: 'the whole cohort', parameters: null, score }
}
