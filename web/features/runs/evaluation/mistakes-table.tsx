'use client'

import { ActionIcon, Button, Table, Text } from '@mantine/core'
import { IconFocus2 } from '@tabler/icons-react'
import { useState } from 'react'
import { formatCount, formatShare } from '../../../design/format-numbers.ts'
import { TableFrame } from '../../../design/table-frame.tsx'
import { type Cell, totalsOf } from './confusion.ts'

const FIRST_ROWS = 20

interface Props {
  names: string[]
  cells: Cell[]
  /** Most common first. */
  mistakes: Cell[]
  onShow: (mistake: Cell) => void
}

/** A table of all mistakes, each with a link to its cell in the matrix. */
export function MistakesTable({ names, cells, mistakes, onShow }: Props) {
  const [shown, setShown] = useState(FIRST_ROWS)
  if (mistakes.length === 0) return null
  const ofClass = totalsOf(cells)
  return (
    <>
      <Text fw={600} size="sm" mt="md" mb={4}>
        Most common mistakes
      </Text>
      <div className="max-h-80 overflow-y-auto rounded-md border border-[var(--line)]">
        <TableFrame label="Mistakes" minWidth={460} verticalSpacing={4} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Class</Table.Th>
              <Table.Th>Taken for</Table.Th>
              <Table.Th ta="right">Images</Table.Th>
              <Table.Th ta="right">Of the class</Table.Th>
              <Table.Th>
                <span className="sr-only">In the matrix</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mistakes.slice(0, shown).map((cell) => (
              <Table.Tr key={`${cell.class}-${cell.takenFor}`}>
                <Table.Td>{names[cell.class]}</Table.Td>
                <Table.Td>{names[cell.takenFor]}</Table.Td>
                <Table.Td ta="right">{formatCount(cell.count)}</Table.Td>
                <Table.Td ta="right">{formatShare(cell.count / (ofClass.get(cell.class) ?? 1))}</Table.Td>
                <Table.Td w={40}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label={`Show ${names[cell.class]} taken for ${names[cell.takenFor]} in the matrix`}
                    onClick={() => onShow(cell)}
                  >
                    <IconFocus2 size={15} />
                  </ActionIcon>
                </Table.Td>
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
