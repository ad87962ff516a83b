'use client'

import { Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatCount, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import { type ClassRow, sortClasses } from './sort-classes.ts'

const columns: { key: keyof ClassRow; title: string }[] = [
  { key: 'name', title: 'Class' },
  { key: 'count', title: 'Test images' },
  { key: 'precision', title: 'Precision' },
  { key: 'recall', title: 'Recall' },
  { key: 'f1', title: 'F1' },
]

interface Props {
  student: string
  names: string[]
  scores: Omit<ClassRow, 'name'>[]
  chooser: ReactNode
}

/** A student's scores per class, sortable by any column; the order is kept in the URL. */
export function ClassesPanel({ student, names, scores, chooser }: Props) {
  const [requestedSort, sortBy] = useUrlParameter('sort')
  const descending = requestedSort?.startsWith('-') ?? false
  const key = columns.find(({ key }) => key === requestedSort?.replace('-', ''))?.key ?? null
  const rows = scores.map((score, index) => ({ ...score, name: names[index] ?? String(index) }))
  return (
    <Panel
      title="By class"
      note={`How ${student} performs on each class of the test images`}
      actions={chooser}
      flush
    >
      <div className="max-h-[480px] overflow-y-auto">
        <TableFrame label="Classes" minWidth={520} verticalSpacing={6} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ key: own, title }) => (
                <Table.Th
                  key={own}
                  ta={own === 'name' ? 'left' : 'right'}
                  aria-sort={own === key ? (descending ? 'descending' : 'ascending') : undefined}
                >
                  <UnstyledButton
                    className="inline-flex min-h-6 items-center gap-1 text-sm"
                    onClick={() => sortBy(own === key && !descending ? `-${own}` : own)}
                  >
                    {title}
                    {own === key &&
                      (descending ? (
                        <IconArrowDown size={14} aria-hidden />
                      ) : (
                        <IconArrowUp size={14} aria-hidden />
                      ))}
                  </UnstyledButton>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sortClasses(rows, key, descending).map(({ name, count, precision, recall, f1 }) => (
              <Table.Tr key={name}>
                <Table.Td fw={500}>{name}</Table.Td>
                <Table.Td ta="right">{formatCount(count)}</Table.Td>
                <Table.Td ta="right">{formatShare(precision)}</Table.Td>
                <Table.Td ta="right">{formatShare(recall)}</Table.Td>
                <Table.Td ta="right">{formatShare(f1)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </TableFrame>
      </div>
    </Panel>
  )
}
