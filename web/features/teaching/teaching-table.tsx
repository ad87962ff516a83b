import { Table } from '@mantine/core'
import { formatMetric } from '../../design/format-numbers.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import { type Lesson, lessonsOf, type TaughtStudent, type TeachingRules } from './teaching-graph.ts'

interface Props {
  students: readonly TaughtStudent[]
  teaching: TeachingRules
  strengthOf?: (lesson: Lesson) => number | null
}

/** The drawing as a table: a row for each arrow. */
export function TeachingTable({ students, teaching, strengthOf }: Props) {
  const nameOf = (who: Lesson['from']) => {
    if (who === 'LABELS') return 'the labels'
    if (who === 'MEAN') return 'the mean prediction of its peers'
    return students[who]?.name ?? ''
  }
  const lessons = lessonsOf(teaching, students.length).filter(({ to }) => to !== 'MEAN')
  return (
    <TableFrame label="Who learns from whom" minWidth={360}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Student</Table.Th>
          <Table.Th>Learns from</Table.Th>
          {strengthOf && <Table.Th ta="right">KL divergence, nats</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lessons.map((lesson) => (
          <Table.Tr key={`${lesson.from} ${lesson.to}`}>
            <Table.Td>{nameOf(lesson.to)}</Table.Td>
            <Table.Td>{nameOf(lesson.from)}</Table.Td>
            {strengthOf && <Table.Td ta="right">{formatMetric(strengthOf(lesson))}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
