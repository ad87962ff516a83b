'use client'

import { Table } from '@mantine/core'
import Link from 'next/link'
import { TableFrame } from '../../design/table-frame.tsx'
import type { ComparedModelFragment } from '../../graphql/generated/operations.ts'
import { AliasMarks } from './alias-marks.tsx'
import { bestOf, type ComparisonRow, comparisonRows, recipeRows } from './comparison-rows.ts'
import { nameOf } from './trained-words.ts'

/** A table that compares models, one per column. */
export function Comparison({ trained, base }: { trained: ComparedModelFragment[]; base: string }) {
  const rows = [...comparisonRows, ...recipeRows(trained)]
  return (
    <TableFrame label="Comparison" minWidth={160 + 180 * trained.length}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {trained.map((one) => (
            <Table.Th key={one.id} scope="col">
              <span className="inline-flex items-center gap-2">
                <Link href={`${base}/models/${one.id}`} className="row-link">
                  {nameOf(one)}
                </Link>
                <AliasMarks aliases={one.aliases} />
              </span>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <ComparedRow key={row.label} row={row} trained={trained} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function ComparedRow({ row, trained }: { row: ComparisonRow; trained: ComparedModelFragment[] }) {
  const best = row.rank ? bestOf(trained, row.rank) : []
  return (
    <Table.Tr>
      <Table.Th scope="row">{row.label}</Table.Th>
      {trained.map((one) => (
        <Table.Td key={one.id} fw={best.includes(one.id) ? 700 : undefined}>
          {row.show(one)}
          {best.includes(one.id) && <span className="sr-only"> (best)</span>}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
