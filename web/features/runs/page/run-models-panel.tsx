'use client'

import { Table, Text } from '@mantine/core'
import { IconBox } from '@tabler/icons-react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { EmptyState } from '../../../design/empty-state.tsx'
import { formatShare } from '../../../design/format-numbers.ts'
import { LinkButton } from '../../../design/link-button.tsx'
import { NameCell } from '../../../design/name-cell.tsx'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { ArtifactPartsFragment } from '../../../graphql/generated/operations.ts'
import { useTeam } from '../../../team-scope.ts'
import { DownloadButton } from '../../models/download-button.tsx'
import { HashValue } from '../../models/hash-value.tsx'
import { scoreOf } from '../../run-list/run-facts.ts'
import type { PageRun } from '../live/run-feed.ts'

/** Smaller differences are invisible at the displayed precision. */
const MIN_DIFFERENCE = 0.0005

/** Downloads: each student, and the ensemble. */
export function RunModelsPanel({ run }: { run: PageRun }) {
  const { base } = useTeam()
  if (run.models.length === 0) {
    return (
      <Panel title="Models" flush>
        <EmptyState icon={<IconBox size={22} />} title={isEnded(run.status) ? 'No models' : 'No models yet'}>
          {isEnded(run.status)
            ? 'Only succeeded runs have models.'
            : 'They are stored when the run succeeds: every student, and the ensemble.'}
        </EmptyState>
      </Panel>
    )
  }
  return (
    <Panel
      title="Models"
      note="Weights of the last step, as zips with a TensorFlow.js model, a model card and a runnable example"
      actions={
        <LinkButton href={`${base}/runs/${run.number}/try`} variant="default" size="xs">
          Try it in the browser
        </LinkButton>
      }
      flush
    >
      <TableFrame label="Models" minWidth={600}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th ta="right">{run.retrieval ? 'Mean average precision' : 'Test accuracy'}</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>Download</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {run.models.map(({ id, student, top1, meanAveragePrecision, artifacts }) => (
            <ModelRow
              key={id}
              id={id}
              name={student.name}
              note={student.architecture}
              score={top1 ?? meanAveragePrecision}
              bestScore={bestScoreOfStudent(run, student.id)}
              artifact={artifacts[0]}
            />
          ))}
          {run.ensemble && (
            <ModelRow
              id={run.ensemble.id}
              name="Ensemble"
              note="mean posterior and concatenated features"
              score={run.ensemble.meanPosteriorTop1 ?? run.ensemble.meanAveragePrecision}
              bestScore={null}
              artifact={run.ensemble.artifacts[0]}
            />
          )}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

interface RowProps {
  id: string
  name: string
  note: string
  score: number | null
  /** The highest score during training. */
  bestScore: number | null
  artifact: ArtifactPartsFragment | undefined
}

function bestScoreOfStudent(run: PageRun, studentId: string): number | null {
  const student = run.students.find((row) => row.student.id === studentId)
  return student ? scoreOf(run, student, 'best') : null
}

function ModelRow({ id, name, note, score, bestScore, artifact }: RowProps) {
  const wasBetter = score !== null && bestScore !== null && bestScore - score > MIN_DIFFERENCE
  const of = name === 'Ensemble' ? 'the ensemble' : name
  return (
    <Table.Tr>
      <NameCell name={name} note={note} />
      <Table.Td ta="right">
        {formatShare(score)}
        {wasBetter && (
          <Text size="xs" c="dimmed">
            best while training {formatShare(bestScore)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{artifact && <HashValue sha256={artifact.sha256} of={of} />}</Table.Td>
      <Table.Td>
        <DownloadButton id={id} of={of} artifact={artifact} />
      </Table.Td>
    </Table.Tr>
  )
}
