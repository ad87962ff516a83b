'use client'

import { Table, Text } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { EmptyState } from '../../../design/empty-state.tsx'
import { countOf, formatMetric, formatParameters, formatShare } from '../../../design/format-numbers.ts'
import { NameCell } from '../../../design/name-cell.tsx'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import { DownloadButton } from '../../models/download-button.tsx'
import { Gain } from '../gain.tsx'
import type { PageRun } from '../live/run-feed.ts'
import { noteDelivered } from '../note-delivered.ts'

interface Props {
  run: PageRun
  withDownloads?: boolean
  /** Show all scores, not only the main ones. */
  inFull?: boolean
}

/** Test scores of each student and of the ensemble. */
export function EvaluationPanel({ run, withDownloads = false, inFull = false }: Props) {
  const { evaluation, ensemble } = run
  if (!evaluation) return <NotMeasured run={run} />
  const modelOf = (name: string) => run.models.find(({ student }) => student.name === name)
  const rows = rowsOf(evaluation)
  return (
    <Panel
      title="Evaluation"
      note={`On ${countOf(evaluation.testCount, 'test image')}${noteDelivered(evaluation.delivered)}`}
      flush
    >
      <TableFrame label="Evaluation" minWidth={withDownloads ? 640 : inFull ? 860 : 480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th ta="right">Accuracy</Table.Th>
            {inFull && <Table.Th ta="right">Top-5</Table.Th>}
            <Table.Th ta="right">Loss</Table.Th>
            {inFull && <Table.Th ta="right">Calibration error</Table.Th>}
            {inFull && <Table.Th ta="right">Posterior entropy</Table.Th>}
            <Table.Th ta="right">Parameters</Table.Th>
            {withDownloads && <Table.Th ta="right">Download</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.who} ${row.note}`}>
              <NameCell name={row.who} note={row.note} />
              <Table.Td ta="right" fw={600}>
                {formatShare(row.top1)}
                {row.gain && <Gain {...row.gain} />}
              </Table.Td>
              {inFull && <Table.Td ta="right">{formatShare(row.top5)}</Table.Td>}
              <Table.Td ta="right">{formatMetric(row.loss)}</Table.Td>
              {inFull && <Table.Td ta="right">{formatShare(row.calibrationError, 2)}</Table.Td>}
              {inFull && <Table.Td ta="right">{formatMetric(row.posteriorEntropy)}</Table.Td>}
              <Table.Td ta="right">{formatParameters(row.parameters)}</Table.Td>
              {withDownloads && <Table.Td ta="right">{downloadOf(row)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )

  function downloadOf({ who, note }: EvaluationRow): ReactNode {
    if (note === CONCATENATED)
      return (
        <Text size="xs" c="dimmed">
          in the same file
        </Text>
      )
    if (note === MEAN_POSTERIOR)
      return <DownloadButton id={ensemble?.id ?? ''} of="the ensemble" artifact={ensemble?.artifacts[0]} />
    return <DownloadButton id={modelOf(who)?.id ?? ''} of={who} artifact={modelOf(who)?.artifacts[0]} />
  }
}

const MEAN_POSTERIOR = 'mean posterior'
const CONCATENATED = 'concatenated features'

interface EvaluationRow {
  who: string
  note: string
  top1: number
  parameters: number
  top5?: number | null
  loss?: number | null
  calibrationError?: number | null
  posteriorEntropy?: number | null
  gain?: { overBest: number; overAverage: number }
}

/** Every student, then the two kinds of ensemble. */
function rowsOf(evaluation: NonNullable<PageRun['evaluation']>): EvaluationRow[] {
  const parameters = evaluation.students.reduce((sum, student) => sum + student.parameters, 0)
  const isAlone = evaluation.students.length < 2
  return [
    ...evaluation.students.map((student) => ({ ...student, who: student.name, note: student.architecture })),
    {
      who: 'Ensemble',
      note: MEAN_POSTERIOR,
      parameters,
      top1: evaluation.meanPosteriorTop1,
      top5: evaluation.meanPosteriorTop5,
      loss: evaluation.meanPosteriorLoss,
      calibrationError: evaluation.meanPosteriorCalibrationError,
      ...(isAlone ? {} : { gain: evaluation.meanPosteriorGain }),
    },
    {
      who: 'Ensemble',
      note: CONCATENATED,
      parameters,
      top1: evaluation.concatenatedFeaturesTop1,
      top5: evaluation.concatenatedFeaturesTop5,
      ...(isAlone ? {} : { gain: evaluation.concatenatedFeaturesGain }),
    },
  ]
}

function NotMeasured({ run }: { run: PageRun }) {
  const ended = isEnded(run.status)
  return (
    <Panel title="Evaluation" flush>
      <EmptyState icon={<IconChartBar size={22} />} title={ended ? 'Not measured' : 'Not measured yet'}>
        {ended
          ? 'The run ended before its students were evaluated on the test images.'
          : 'When training ends, every student and the ensemble are evaluated on the test images.'}
      </EmptyState>
    </Panel>
  )
}
