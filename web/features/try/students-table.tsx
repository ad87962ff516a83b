import { Progress, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatBytes, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import type { Latency } from './ask-network.ts'
import { BACKEND_WORDS, type Backend } from './load-tensorflow.ts'
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
          <Table.Th ta="right">{backend ? `Time with ${BACKEND_WORDS[backend]}` : 'Time'}</Table.Th>
          <Table.Th ta="right">Download</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">Test accuracy</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {subjects.map(({ id, name, architecture, artifact, parameters, top1 }, index) => (
          <Table.Tr key={id}>
            <Name name={name} note={architecture} />
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
            <Name name="Ensemble" note="mean posterior" />
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

function Name({ name, note }: { name: string; note: string }) {
  return (
    <Table.Td fw={500}>
      {name}
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </Table.Td>
  )
}

function Said({ answer, classes }: { answer: Answer | undefined; classes: string[] | null }) {
  const [first] = answer?.posterior && classes ? rankClasses(answer.posterior, classes, 1) : []
  return (
    <>
      <Table.Td fw={500}>{first?.label ?? '–'}</Table.Td>
      <Table.Td ta="right">{formatShare(first?.share)}</Table.Td>
      <Table.Td ta="right">{first && answer ? tellLatency(answer.latency) : '–'}</Table.Td>
    </>
  )
}

function tellLatency(latency: Latency | null): ReactNode {
  if (!latency)
    return (
      <Text size="xs" c="dimmed" span>
        measuring…
      </Text>
    )
  const { medianMs, runs } = latency
  return (
    <span title={`Median of ${runs} runs after 2 that do not count`}>
      {medianMs.toFixed(medianMs < 10 ? 2 : 1)} ms
      {runs < 10 && ` (of ${runs})`}
    </span>
  )
}

function FileState({ stage, byteLength }: { stage: FileStage | undefined; byteLength: number | undefined }) {
  if (byteLength === undefined) return '–'
  if (stage?.stage !== 'loading') return formatBytes(byteLength)
  return (
    <>
      {formatBytes(stage.received)} of {formatBytes(byteLength)}
      <Progress size="xs" mt={4} value={(100 * stage.received) / byteLength} aria-label="Download" />
    </>
  )
}

function sum(values: (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0)
}
