'use client'

import { Table } from '@mantine/core'
import { countOf, formatParameters, formatShare } from '../../../design/format-numbers.ts'
import { NameCell } from '../../../design/name-cell.tsx'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { RetrievalPartsFragment } from '../../../graphql/generated/operations.ts'
import { DownloadButton } from '../../models/download-button.tsx'
import { Gain } from '../gain.tsx'
import type { PageRun } from '../live/run-feed.ts'
import { noteDelivered } from '../note-delivered.ts'

const RANKS = [1, 5, 10, 20]

interface Props {
  run: PageRun
  retrieval: RetrievalPartsFragment
  withDownloads?: boolean
}

/** Retrieval scores of each student and of the ensemble. */
export function RetrievalPanel({ run, retrieval, withDownloads = false }: Props) {
  const { queryCount, galleryCount, queriesWithoutMatch, students, ensemble, gain } = retrieval
  const parameters = students.reduce((sum, student) => sum + student.parameters, 0)
  const lost =
    queriesWithoutMatch > 0
      ? `; ${countOf(queriesWithoutMatch, 'query', 'queries')} without a match from another camera not counted`
      : ''
  const rows = [
    ...students.map(({ name, architecture, parameters: own, score }) => {
      const model = run.models.find(({ student }) => student.name === name)
      return {
        name,
        note: architecture,
        parameters: own,
        score,
        gain: null,
        id: model?.id,
        file: model?.artifacts[0],
      }
    }),
    {
      name: 'Ensemble',
      note: 'concatenated features',
      parameters,
      score: ensemble,
      gain: students.length > 1 ? gain : null,
      id: run.ensemble?.id,
      file: run.ensemble?.artifacts[0],
    },
  ]
  return (
    <Panel
      title="Evaluation"
      note={`${countOf(queryCount, 'query', 'queries')} in a gallery of ${countOf(galleryCount, 'image')}${lost}${noteDelivered(retrieval.delivered)}`}
      flush
    >
      <TableFrame label="Evaluation" minWidth={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th ta="right">mAP</Table.Th>
            {RANKS.map((rank) => (
              <Table.Th key={rank} ta="right">
                Rank {rank}
              </Table.Th>
            ))}
            <Table.Th ta="right">Parameters</Table.Th>
            {withDownloads && <Table.Th ta="right">Download</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.name} ${row.note}`}>
              <NameCell name={row.name} note={row.note} />
              <Table.Td ta="right" fw={600}>
                {formatShare(row.score.meanAveragePrecision)}
                {row.gain && <Gain {...row.gain} />}
              </Table.Td>
              {RANKS.map((rank) => (
                <Table.Td key={rank} ta="right">
                  {formatShare(row.score.cmc[rank - 1])}
                </Table.Td>
              ))}
              <Table.Td ta="right">{formatParameters(row.parameters)}</Table.Td>
              {withDownloads && (
                <Table.Td ta="right">
                  <DownloadButton
                    id={row.id ?? ''}
                    of={row.name === 'Ensemble' ? 'the ensemble' : row.name}
                    artifact={row.file}
                  />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}
