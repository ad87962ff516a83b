'use client'

import { Button, Progress, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Panel } from '../../design/panel.tsx'
import { StatusMark } from '../../design/status-mark.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import {
  type ArtifactFormat,
  CreateExportDocument,
  type ExportStatus,
  type ExportStep,
  type TrainedRowFragment,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { DownloadButton } from './download-button.tsx'
import { HashValue } from './hash-value.tsx'
import { formats, formatWords, nameOf } from './trained-words.ts'

interface RequestedExport {
  id: string
  format: ArtifactFormat
  status: ExportStatus
  step: ExportStep | null
  failure: string | null
}

/** In the order in which they run. */
const stepWords: Record<ExportStep, string> = {
  READING: 'Reading the weights',
  CONVERTING: 'Converting',
  PACKING: 'Packing the zip',
  STORING: 'Storing',
}
const STEPS = Object.keys(stepWords) as ExportStep[]

/** The model in every format, with a button to download it or to have it exported. */
export function FilesPanel({
  trained,
  exports,
}: {
  trained: TrainedRowFragment
  exports: RequestedExport[]
}) {
  return (
    <Panel title="Files" note="Zips with the model, its card and a runnable example" flush>
      <TableFrame label="Files" minWidth={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Format</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>Download</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {formats.map((format) => {
            const artifact = trained.artifacts.find((candidate) => candidate.format === format)
            const requested = exports.find((candidate) => candidate.format === format)
            const of = `${nameOf(trained)} as ${formatWords[format]}`
            return (
              <Table.Tr key={format}>
                <Table.Td fw={500}>{formatWords[format]}</Table.Td>
                <Table.Td>
                  {artifact ? (
                    <HashValue sha256={artifact.sha256} of={of} />
                  ) : (
                    <ExportState requested={requested} />
                  )}
                </Table.Td>
                <Table.Td>
                  {artifact ? (
                    <DownloadButton id={trained.id} of={of} artifact={artifact} />
                  ) : (
                    <ExportButton id={trained.id} format={format} of={of} requested={requested} />
                  )}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

function ExportState({ requested }: { requested: RequestedExport | undefined }) {
  if (!requested)
    return (
      <Text size="sm" c="dimmed">
        not made yet
      </Text>
    )
  if (requested.status === 'FAILED')
    return (
      <div className="max-w-md whitespace-normal">
        <StatusMark tone="bad">Failed</StatusMark>
        <Text size="xs" c="dimmed">
          {requested.failure}
        </Text>
      </div>
    )
  if (requested.status === 'QUEUED') return <StatusMark tone="waiting">Waits for a worker</StatusMark>
  return <ExportProgress step={requested.step} />
}

function ExportProgress({ step }: { step: ExportStep | null }) {
  const current = step ?? 'READING'
  const done = STEPS.indexOf(current)
  const left = STEPS.slice(done + 1).map((next) => stepWords[next].toLowerCase())
  return (
    <div className="max-w-xs">
      <StatusMark tone="busy">{stepWords[current]}</StatusMark>
      <Progress
        size="xs"
        my={4}
        value={(100 * (done + 0.5)) / STEPS.length}
        aria-label={`Step ${done + 1} of ${STEPS.length}`}
      />
      <Text size="xs" c="dimmed" role="status">
        Step {done + 1} of {STEPS.length}
        {left.length > 0 && `; then ${left.join(', ')}`}
      </Text>
    </div>
  )
}

interface ExportButtonProps {
  id: string
  format: ArtifactFormat
  of: string
  requested: RequestedExport | undefined
}

function ExportButton({ id, format, of, requested }: ExportButtonProps) {
  const { mayChange } = useTeam()
  const [createExport, busy] = useMutationWithRetry(CreateExportDocument, { refetchQueries: ['TrainedPage'] })
  const make = async () => {
    const answer = await createExport({ input: { id, format } })
    for (const { message } of answer?.createExport.errors ?? [])
      notifications.show({ color: 'red', title: 'No file was made', message })
  }
  if (!mayChange || (requested && requested.status !== 'FAILED')) return null
  return (
    <Button variant="default" size="xs" loading={busy} onClick={make} aria-label={`Make ${of}`}>
      {requested ? 'Try again' : 'Make'}
    </Button>
  )
}
