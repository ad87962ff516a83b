'use client'

import { Table, Text } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { EmptyPlace } from '../../../design/empty-place.tsx'
import { countOf, formatMetric, formatParameters, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import { DownloadButton } from '../../models/download-button.tsx'
import type { PageRun } from '../live/run-feed.ts'
import { hasEnded } from '../run-status.tsx'

/** What the test pictures say of each student and of all together. */
export function EvaluationPanel({ run, withDownloads = false }: { run: PageRun; withDownloads?: boolean }) {
  const { evaluation, ensemble } = run
  if (!evaluation) {
    return (
      <Panel title="Evaluation" flush>
        <EmptyPlace
          icon={<IconChartBar size={22} />}
          title={hasEnded(run.status) ? 'Not measured' : 'Not measured yet'}
        >
          {hasEnded(run.status)
            ? 'The run ended before its students were measured on the test pictures.'
            : 'When training ends, every student and the ensemble are measured on the test pictures.'}
        </EmptyPlace>
      </Panel>
    )
  }
  const all = evaluation.students.reduce((sum, student) => sum + student.parameters, 0)
  const modelOf = (name: string) => run.models.find(({ student }) => student.name === name)
  return (
    <Panel title="Evaluation" note={`On ${countOf(evaluation.testCount, 'test picture')}`} flush>
      <TableFrame label="Evaluation" minWidth={withDownloads ? 640 : 480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th ta="right">Accuracy</Table.Th>
            <Table.Th ta="right">Loss</Table.Th>
            <Table.Th ta="right">Parameters</Table.Th>
            {withDownloads && <Table.Th ta="right">Download</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {evaluation.students.map(({ name, architecture, top1, loss, parameters }) => (
            <Row key={name} who={name} note={architecture} numbers={{ top1, loss, parameters }}>
              {withDownloads && (
                <DownloadButton
                  id={modelOf(name)?.id ?? ''}
                  of={name}
                  artifact={modelOf(name)?.artifacts[0]}
                />
              )}
            </Row>
          ))}
          <Row
            who="Ensemble"
            note="mean posterior"
            numbers={{ top1: evaluation.meanPosteriorTop1, loss: null, parameters: all }}
          >
            {withDownloads && (
              <DownloadButton id={ensemble?.id ?? ''} of="the ensemble" artifact={ensemble?.artifacts[0]} />
            )}
          </Row>
          <Row
            who="Ensemble"
            note="concatenated features"
            numbers={{ top1: evaluation.concatenatedFeaturesTop1, loss: null, parameters: all }}
          >
            {withDownloads && (
              <Text size="xs" c="dimmed">
                in the same file
              </Text>
            )}
          </Row>
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

interface RowProps {
  who: string
  note: string
  numbers: { top1: number; loss: number | null; parameters: number }
  children: ReactNode
}

function Row({ who, note, numbers, children }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td fw={500}>
        {who}
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      </Table.Td>
      <Table.Td ta="right" fw={600}>
        {formatShare(numbers.top1)}
      </Table.Td>
      <Table.Td ta="right">{formatMetric(numbers.loss)}</Table.Td>
      <Table.Td ta="right">{formatParameters(numbers.parameters)}</Table.Td>
      {children !== false && <Table.Td ta="right">{children}</Table.Td>}
    </Table.Tr>
  )
}
