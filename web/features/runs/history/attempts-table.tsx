import { Table, Text } from '@mantine/core'
import { formatCount } from '../../../design/format-numbers.ts'
import { formatDuration, formatInstant } from '../../../design/format-time.ts'
import { StatusMark, type Tone } from '../../../design/status-mark.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import type { AttemptOutcome, AttemptRowFragment } from '../../../graphql/generated/operations.ts'

const outcomes: Record<AttemptOutcome, { word: string; tone: Tone }> = {
  SUCCEEDED: { word: 'Succeeded', tone: 'good' },
  FAILED: { word: 'Failed', tone: 'bad' },
  CANCELED: { word: 'Canceled', tone: 'neutral' },
  PAUSED: { word: 'Paused', tone: 'waiting' },
  RETURNED: { word: 'Returned', tone: 'neutral' },
  LOST: { word: 'Lost', tone: 'bad' },
}
const underWay = { word: 'Under way', tone: 'busy' } as const

export function AttemptsTable({ attempts }: { attempts: readonly AttemptRowFragment[] }) {
  return (
    <TableFrame label="Attempts" minWidth={860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Attempt</Table.Th>
          <Table.Th>How it ended</Table.Th>
          <Table.Th>Worker</Table.Th>
          <Table.Th>Began</Table.Th>
          <Table.Th>Took</Table.Th>
          <Table.Th>Steps</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {attempts.map((attempt) => (
          <AttemptRow key={attempt.number} attempt={attempt} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function AttemptRow({ attempt }: { attempt: AttemptRowFragment }) {
  const { number, outcome, failure, workerName, startedAt, endedAt, fromStep, toStep } = attempt
  const { word, tone } = outcome ? outcomes[outcome] : underWay
  return (
    <Table.Tr>
      <Table.Td>{number}</Table.Td>
      <Table.Td>
        <StatusMark tone={tone}>{word}</StatusMark>
        {failure && (
          <Text size="xs" c="dimmed" mt={4} maw={360}>
            {failure.message}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="whitespace-nowrap">{workerName}</Table.Td>
      <Table.Td className="whitespace-nowrap">{formatInstant(startedAt)}</Table.Td>
      <Table.Td className="whitespace-nowrap">
        {endedAt ? formatDuration(secondsBetween(startedAt, endedAt)) : '–'}
      </Table.Td>
      <Table.Td className="whitespace-nowrap">{describeSteps(fromStep, toStep)}</Table.Td>
    </Table.Tr>
  )
}

function describeSteps(from: number | null, to: number | null): string {
  if (from === null) return '–'
  if (to === null) return `from ${formatCount(from + 1)}`
  return to > from ? `${formatCount(from + 1)} to ${formatCount(to)}` : 'none'
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}
