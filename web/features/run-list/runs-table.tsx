'use client'

import { Table, Text } from '@mantine/core'
import Link from 'next/link'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { formatShare } from '../../design/format-numbers.ts'
import { formatAge, formatDuration, formatInstant } from '../../design/format-time.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import { useNow } from '../../design/use-now.ts'
import type { RunRowFragment } from '../../graphql/generated/operations.ts'
import { bestScoreOf, durationSeconds, scoreOf } from './run-facts.ts'
import { RunStateCell } from './run-progress-bar.tsx'

interface Column {
  label: string
  numeric?: boolean
}

const columns: Column[] = [
  { label: 'Run' },
  { label: 'Status' },
  { label: 'Dataset' },
  { label: 'Best', numeric: true },
  { label: 'Last', numeric: true },
  { label: 'Duration', numeric: true },
  { label: 'Started by' },
]

const columnsPerStudent = columns.flatMap((column) =>
  column.label === 'Best' ? [{ label: 'Student' }, column] : [column],
) as Column[]

interface Props {
  runs: RunRowFragment[]
  base: string
  /** Show a line per student instead of the best student's scores. */
  perStudent?: boolean
}

/** A short table of runs; the scores are the best student's on the test images. */
export function RunsTable({ runs, base, perStudent = false }: Props) {
  const nowMs = useNow(runs.some(({ status }) => !isEnded(status)))
  return (
    <TableFrame label="Runs" minWidth={820}>
      <Table.Thead>
        <Table.Tr>
          {(perStudent ? columnsPerStudent : columns).map(({ label, numeric }) => (
            <Table.Th key={label} ta={numeric ? 'right' : 'left'}>
              {label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} base={base} perStudent={perStudent} nowMs={nowMs} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

interface RowProps {
  run: RunRowFragment
  base: string
  perStudent: boolean
  nowMs: number
}

function RunRow({ run, base, perStudent, nowMs }: RowProps) {
  const seconds = durationSeconds(run, nowMs)
  return (
    <Table.Tr className="linked-row">
      <Table.Td>
        <Link href={`${base}/runs/${run.number}`} className="row-link">
          Run {run.number}
        </Link>
        <Text size="xs" c="dimmed">
          {run.cohort.name}
        </Text>
      </Table.Td>
      <Table.Td>
        <RunStateCell run={run} />
      </Table.Td>
      <Table.Td>
        {run.datasetVersion.dataset.name}
        <Text size="xs" c="dimmed">
          version {run.datasetVersion.number}
        </Text>
      </Table.Td>
      {perStudent ? (
        <StudentCells run={run} />
      ) : (
        <>
          <Table.Td ta="right">
            <Score run={run} score={bestScoreOf(run, 'best')} />
          </Table.Td>
          <Table.Td ta="right">
            <Score run={run} score={bestScoreOf(run, 'last')} />
          </Table.Td>
        </>
      )}
      <Table.Td ta="right" className="whitespace-nowrap">
        {seconds === null ? '–' : formatDuration(seconds)}
      </Table.Td>
      <Table.Td>
        {run.createdBy.name}
        <Text size="xs" c="dimmed" title={formatInstant(run.createdAt)}>
          {formatAge(run.createdAt, nowMs)}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

const MAX_STUDENTS_SHOWN = 4

/** Labels retrieval scores, since lists can mix both kinds of dataset. */
function Score({ run, score }: { run: RunRowFragment; score: number | null }) {
  const isRetrieval = run.datasetVersion.dataset.kind === 'RETRIEVAL'
  return (
    <span className="whitespace-nowrap">
      {isRetrieval && score !== null && (
        <Text span size="xs" c="dimmed">
          mAP{' '}
        </Text>
      )}
      {formatShare(score)}
    </span>
  )
}

/** Names, best and last scores, one line per student. */
function StudentCells({ run }: { run: RunRowFragment }) {
  const { students } = run
  const shown = students.slice(0, MAX_STUDENTS_SHOWN)
  const more = students.length - shown.length
  return (
    <>
      <Table.Td className="whitespace-nowrap">
        {shown.map(({ student }) => (
          <div key={student.id}>{student.name}</div>
        ))}
        {more > 0 && (
          <Text size="xs" c="dimmed">
            and {more} more
          </Text>
        )}
      </Table.Td>
      {(['best', 'last'] as const).map((which) => (
        <Table.Td key={which} ta="right" className="align-top whitespace-nowrap">
          {shown.map((row) => (
            <div key={row.student.id}>
              <Score run={run} score={scoreOf(run, row, which)} />
            </div>
          ))}
        </Table.Td>
      ))}
    </>
  )
}
