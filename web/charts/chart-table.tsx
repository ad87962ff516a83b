import { Table } from '@mantine/core'
import { formatCount } from '../design/format-numbers.ts'
import { TableFrame } from '../design/table-frame.tsx'
import type { Line } from './chart-data.ts'

const MAX_ROWS = 40

/** The chart's data for people who cannot see it: evenly spaced steps, always including the last. */
export function ChartTable({
  lines,
  title,
  format,
}: {
  lines: readonly Line[]
  title: string
  format: (value: number | null) => string
}) {
  const steps = pickSteps(lines)
  return (
    <div className="mt-3 max-h-72 overflow-y-auto rounded-md border border-[var(--line)]">
      <TableFrame label={`${title}, as a table`} minWidth={320} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">Step</Table.Th>
            {lines.map(({ label }) => (
              <Table.Th key={label} ta="right">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map((step) => (
            <Table.Tr key={step}>
              <Table.Td ta="right">{formatCount(step)}</Table.Td>
              {lines.map((line) => (
                <Table.Td key={line.label} ta="right">
                  {format(line.values[line.steps.indexOf(step)] ?? null)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </div>
  )
}

function pickSteps(lines: readonly Line[]): number[] {
  const all = [...new Set(lines.flatMap(({ steps }) => steps))].sort((a, b) => a - b)
  if (all.length <= MAX_ROWS) return all
  const stride = (all.length - 1) / (MAX_ROWS - 1)
  return Array.from({ length: MAX_ROWS }, (_, row) => all[Math.round(row * stride)] as number)
}
