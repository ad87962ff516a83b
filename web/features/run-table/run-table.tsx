'use client'

import { ActionIcon, Badge, Checkbox, Table, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconLayoutSidebarRight } from '@tabler/icons-react'
import Link from 'next/link'
import type { RunColumn } from '../../../contract/runs/run-columns.ts'
import { isEnded } from '../../../contract/runs/run-states.ts'
import type { RunView } from '../../../contract/runs/run-view.ts'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import { useNow } from '../../design/use-now.ts'
import type { RunTableRowFragment } from '../../graphql/generated/operations.ts'
import { RunStateCell } from '../run-list/run-progress-bar.tsx'
import { columnWords } from './column-values.ts'
import { columnLabel, isNumeric } from './column-words.ts'

interface Props {
  runs: RunTableRowFragment[]
  /** Where a run's link leads. */
  hrefOf: (run: RunTableRowFragment) => string
  columns: readonly RunColumn[]
  order: RunView['order']
  onOrder: (order: RunView['order']) => void
  chosen: readonly string[]
  onChoose: (ids: string[]) => void
  /** Shows a run beside the list. */
  onPeek: (run: RunTableRowFragment) => void
}

/** The team's runs by the columns of a view; the server orders and filters them. */
export function RunTable({ runs, hrefOf, columns, order, onOrder, chosen, onChoose, onPeek }: Props) {
  const nowMs = useNow(runs.some(({ status }) => !isEnded(status)))
  const all = runs.length > 0 && runs.every(({ id }) => chosen.includes(id))
  const choose = (id: string, isChosen: boolean) =>
    onChoose(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))
  return (
    <TableFrame label="Runs" minWidth={420 + 110 * columns.length} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={44}>
            <Checkbox
              aria-label="Choose all of these runs"
              checked={all}
              indeterminate={!all && chosen.length > 0}
              onChange={({ currentTarget }) =>
                onChoose(currentTarget.checked ? runs.map(({ id }) => id) : [])
              }
            />
          </Table.Th>
          <HeadCell column="number" order={order} onOrder={onOrder} />
          <Table.Th>Status</Table.Th>
          {columns.map((column) => (
            <HeadCell key={column} column={column} order={order} onOrder={onOrder} />
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <Table.Tr
            key={run.id}
            className="linked-row"
            bg={chosen.includes(run.id) ? 'var(--hover)' : undefined}
          >
            <Table.Td>
              <Checkbox
                className="above-link"
                aria-label={`Choose run ${run.number}`}
                checked={chosen.includes(run.id)}
                onChange={({ currentTarget }) => choose(run.id, currentTarget.checked)}
              />
            </Table.Td>
            <Table.Td>
              <span className="inline-flex items-center gap-1">
                <Link href={hrefOf(run)} className="row-link">
                  Run {run.number}
                </Link>
                <ActionIcon
                  size={24}
                  className="above-link"
                  aria-label={`Peek at run ${run.number}`}
                  onClick={() => onPeek(run)}
                >
                  <IconLayoutSidebarRight size={15} />
                </ActionIcon>
              </span>
              <Text size="xs" c="dimmed" maw={260} truncate title={run.name ?? run.cohort.name}>
                {run.name ?? run.cohort.name}
              </Text>
              {/* On a phone the columns lie beyond the edge. */}
              <Text size="xs" className="numbers sm:hidden">
                {columnWords(run, 'best', nowMs)} best, {columnWords(run, 'last', nowMs)} last
              </Text>
              <Tags tags={run.tags} />
            </Table.Td>
            <Table.Td>
              <RunStateCell run={run} />
            </Table.Td>
            {columns.map((column) => (
              <Table.Td key={column} ta={isNumeric(column) ? 'right' : 'left'} className="whitespace-nowrap">
                {columnWords(run, column, nowMs)}
                {column === 'startedBy' && (
                  <Text size="xs" c="dimmed" title={formatInstant(run.createdAt)}>
                    {formatAge(run.createdAt, nowMs)}
                  </Text>
                )}
                {column === 'dataset' && (
                  <Text size="xs" c="dimmed">
                    version {run.datasetVersion.number}
                  </Text>
                )}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <span className="mt-1 flex flex-wrap gap-1">
      {tags.map((tag) => (
        <Badge key={tag} size="xs" variant="default" tt="none" fw={500}>
          {tag}
        </Badge>
      ))}
    </span>
  )
}

interface HeadCellProps {
  column: RunColumn
  order: RunView['order']
  onOrder: (order: RunView['order']) => void
}

function HeadCell({ column, order, onOrder }: HeadCellProps) {
  const isActive = order.column === column
  const Arrow = order.isDescending ? IconArrowDown : IconArrowUp
  const right = isNumeric(column) && column !== 'number'
  // Numbers are first asked for from the greatest, texts from the letter A.
  const isDescending = isActive ? !order.isDescending : isNumeric(column)
  return (
    <Table.Th
      ta={right ? 'right' : 'left'}
      aria-sort={isActive ? (order.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton
        onClick={() => onOrder({ column, isDescending })}
        fw={500}
        fz="sm"
        className={`inline-flex min-h-6 items-center gap-1 ${right ? 'flex-row-reverse' : ''}`}
      >
        {columnLabel(column)}
        <Arrow size={14} aria-hidden className={isActive ? '' : 'invisible'} />
      </UnstyledButton>
    </Table.Th>
  )
}
