'use client'

import { ActionIcon, Badge, Table, Text, Tooltip } from '@mantine/core'
import { IconPinned, IconX } from '@tabler/icons-react'
import Link from 'next/link'
import { Fragment } from 'react'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { useNow } from '../../design/use-now.ts'
import type { ComparedRunFragment } from '../../graphql/generated/operations.ts'
import { RunStatusMark } from '../run-list/run-status.tsx'
import { type ComparedRow, differingRows, scoreRows } from './compared-rows.ts'

interface Props {
  runs: readonly ComparedRunFragment[]
  base: string
  onBaseline: (number: number) => void
  onRemove: (number: number) => void
}

/** A column for each run: what was measured, and in what they differ. */
export function ComparedTable({ runs, base, onBaseline, onRemove }: Props) {
  const nowMs = useNow(runs.some(({ status }) => !isEnded(status)))
  const sections = [
    ['Results', scoreRows(runs, nowMs)],
    ['Differences', differingRows(runs, nowMs)],
  ] as const
  return (
    <Panel flush>
      <TableFrame label="Comparison" minWidth={180 + 190 * runs.length}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {runs.map((run, i) => (
              <Table.Th key={run.id} scope="col" className="align-top">
                <div className="flex items-start justify-between gap-2">
                  <div>
                    <Link href={`${base}/runs/${run.number}`} className="row-link">
                      Run {run.number}
                    </Link>
                    <Text size="xs" c="dimmed" fw={400} maw={150} truncate>
                      {run.name ?? run.cohort.name}
                    </Text>
                    {i === 0 ? (
                      <Badge size="xs" variant="default" tt="none">
                        Baseline
                      </Badge>
                    ) : (
                      <RunStatusMark status={run.status} />
                    )}
                  </div>
                  <div className="flex">
                    {i > 0 && (
                      <Tooltip label="Make it the baseline">
                        <ActionIcon
                          size="sm"
                          aria-label={`Make run ${run.number} the baseline`}
                          onClick={() => onBaseline(run.number)}
                        >
                          <IconPinned size={15} />
                        </ActionIcon>
                      </Tooltip>
                    )}
                    <Tooltip label="Take it out">
                      <ActionIcon
                        size="sm"
                        aria-label={`Take run ${run.number} out`}
                        onClick={() => onRemove(run.number)}
                      >
                        <IconX size={15} />
                      </ActionIcon>
                    </Tooltip>
                  </div>
                </div>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sections.map(([title, rows]) => (
            <Fragment key={title}>
              <Table.Tr bg="var(--surface-muted)">
                <Table.Th scope="colgroup" colSpan={runs.length + 1}>
                  {title}
                </Table.Th>
              </Table.Tr>
              {rows.length === 0 && (
                <Table.Tr>
                  <Table.Td colSpan={runs.length + 1} c="dimmed">
                    None
                  </Table.Td>
                </Table.Tr>
              )}
              {rows.map((row) => (
                <Row key={row.label} row={row} runs={runs} />
              ))}
            </Fragment>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

function Row({ row, runs }: { row: ComparedRow; runs: readonly ComparedRunFragment[] }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{row.label}</Table.Th>
      {row.cells.map(({ words, delta, isBest }, i) => (
        <Table.Td
          key={runs[i]?.id}
          fw={isBest ? 700 : delta === 'differs' ? 600 : undefined}
          className="whitespace-nowrap"
        >
          {words}
          {isBest && <span className="sr-only"> (best)</span>}
          {delta && delta !== 'differs' && (
            <Text span size="xs" c="dimmed" ml={8}>
              {delta}
            </Text>
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
