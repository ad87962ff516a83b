'use client'

import { Button, Table, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { countOf, formatCount, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import { ConfusionChart } from './confusion-chart.tsx'

export interface Cell {
  class: number
  takenFor: number
  count: number
}

const FIRST_ROWS = 20

interface Props {
  student: string
  names: string[]
  cells: Cell[]
  chooser: ReactNode
}

/** Which class a student took for which: a picture for the eye, and every mistake as a table, the commonest first. */
export function ConfusionPanel({ student, names, cells, chooser }: Props) {
  const mistakes = cells.filter((cell) => cell.class !== cell.takenFor).sort((a, b) => b.count - a.count)
  const wrong = mistakes.reduce((sum, { count }) => sum + count, 0)
  return (
    <Panel
      title="Confusion matrix"
      note={`${student}: ${countOf(wrong, 'picture')} taken for another class`}
      actions={chooser}
    >
      <ConfusionChart names={names} cells={cells} label={describe(student, names, mistakes)} />
      <Mistakes names={names} cells={cells} mistakes={mistakes} />
    </Panel>
  )
}

function Mistakes({ names, cells, mistakes }: { names: string[]; cells: Cell[]; mistakes: Cell[] }) {
  const [shown, setShown] = useState(FIRST_ROWS)
  if (mistakes.length === 0) return null
  const ofClass = new Map<number, number>()
  for (const cell of cells) ofClass.set(cell.class, (ofClass.get(cell.class) ?? 0) + cell.count)
  return (
    <>
      <Text fw={600} size="sm" mt="md" mb={4}>
        Commonest mistakes
      </Text>
      <div className="max-h-80 overflow-y-auto rounded-md border border-[var(--line)]">
        <TableFrame label="Mistakes" minWidth={420} verticalSpacing={4} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Class</Table.Th>
              <Table.Th>Taken for</Table.Th>
              <Table.Th ta="right">Pictures</Table.Th>
              <Table.Th ta="right">Of the class</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mistakes.slice(0, shown).map((cell) => (
              <Table.Tr key={`${cell.class}-${cell.takenFor}`}>
                <Table.Td>{names[cell.class]}</Table.Td>
                <Table.Td>{names[cell.takenFor]}</Table.Td>
                <Table.Td ta="right">{formatCount(cell.count)}</Table.Td>
                <Table.Td ta="right">{formatShare(cell.count / (ofClass.get(cell.class) ?? 1))}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </TableFrame>
      </div>
      {shown < mistakes.length && (
        <Button variant="default" size="xs" mt="xs" onClick={() => setShown(mistakes.length)}>
          Show all {formatCount(mistakes.length)}
        </Button>
      )}
    </>
  )
}

function describe(student: string, names: string[], [worst]: Cell[]): string {
  const size = `${names.length} by ${names.length} classes`
  if (!worst) return `Confusion matrix of ${student}, ${size}, without a mistake.`
  return `Confusion matrix of ${student}, ${size}. Commonest mistake: ${names[worst.class]} taken for ${names[worst.takenFor]}, ${countOf(worst.count, 'time')}. All mistakes are in the table below.`
}
