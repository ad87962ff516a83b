'use client'

import { Table, Text } from '@mantine/core'
import { formatPoints } from '../../../design/format-difference.ts'
import { formatCount, formatLarge, formatShare } from '../../../design/format-numbers.ts'
import { TextLink } from '../../../design/link-button.tsx'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import { useTeam } from '../../../team-scope.ts'
import type { PageRun } from '../live/run-feed.ts'

type Fork = NonNullable<PageRun['fork']>

/** What a fork went on from, and what the change has gained and cost against the unforked run. */
export function RunForkPanel({ fork }: { fork: Fork }) {
  const { base } = useTeam()
  const { comparison } = fork
  return (
    <Panel title="Fork" note={<ForkNote fork={fork} base={base} />} flush={comparison !== null}>
      {comparison ? (
        <Compared comparison={comparison} base={base} />
      ) : (
        <Text size="sm" c="dimmed">
          Whoever stayed is compared here with a run that went on unchanged, once both have been tested after
          the same step.
        </Text>
      )}
    </Panel>
  )
}

function ForkNote({ fork: { run, step, students, left }, base }: { fork: Fork; base: string }) {
  const names = (stays: boolean) =>
    students.flatMap((one) => (one.stays === stays ? [one.student.name] : [])).join(', ')
  const joined = names(false)
  return (
    <>
      Forked after step {formatCount(step)} of{' '}
      {run ? (
        <TextLink href={`${base}/runs/${run.number}`} size="sm" underline="always">
          run {run.number}
        </TextLink>
      ) : (
        'a run that has been deleted'
      )}
      {run && ', which has the curves up to there'}. {names(true)} stayed
      {joined && `, ${joined} joined`}
      {left.length > 0 && `, ${left.join(', ')} left`}.
    </>
  )
}

function Compared({ comparison, base }: { comparison: NonNullable<Fork['comparison']>; base: string }) {
  const { run, step, students, parametersHere, parametersThere } = comparison
  return (
    <>
      <TableFrame label="Fork against the unforked run" minWidth={460}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>After step {formatCount(step)}</Table.Th>
            <Table.Th ta="right">Here</Table.Th>
            <Table.Th ta="right">
              <TextLink href={`${base}/runs/${run.number}`} size="sm">
                Run {run.number}, unforked
              </TextLink>
            </Table.Th>
            <Table.Th ta="right">Difference</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {students.map(({ student, here, there }) => (
            <Table.Tr key={student.id}>
              <Table.Td fw={500}>{student.name}</Table.Td>
              <Table.Td ta="right">{formatShare(here)}</Table.Td>
              <Table.Td ta="right">{formatShare(there)}</Table.Td>
              <Table.Td ta="right">{formatPoints(here - there)} points</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
      <Text size="sm" c="dimmed" p="md">
        {sizeOf(parametersHere - parametersThere)}
        {timeOf(comparison)}. One seed is no evidence: an{' '}
        <TextLink href={`${base}/experiments/new`} size="sm" underline="always">
          experiment
        </TextLink>{' '}
        has several.
      </Text>
    </>
  )
}

function sizeOf(more: number): string {
  if (more === 0) return 'Both have as many parameters'
  return `The fork has ${formatLarge(Math.abs(more))} parameters ${more > 0 ? 'more' : 'fewer'}`
}

function timeOf({ secondsPerStepHere, secondsPerStepThere }: NonNullable<Fork['comparison']>): string {
  if (secondsPerStepHere === null || secondsPerStepThere === null) return ''
  const milliseconds = (seconds: number) => `${(1000 * seconds).toPrecision(3)} ms`
  return `, and takes ${milliseconds(secondsPerStepHere)} a step against ${milliseconds(secondsPerStepThere)}, as measured last`
}
