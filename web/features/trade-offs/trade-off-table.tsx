import { Table } from '@mantine/core'
import { formatShare } from '../../design/format-numbers.ts'
import { TextLink } from '../../design/link-button.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { TradeOffPartsFragment } from '../../graphql/generated/operations.ts'
import { type Cost, teachers } from './costs.ts'

interface Props {
  points: TradeOffPartsFragment['points']
  cost: Cost
  base: string
  /** What the score is. */
  score: string
}

/** The chart as a table, the cheapest first. */
export function TradeOffTable({ points, cost, base, score }: Props) {
  return (
    <div className="max-h-96 overflow-y-auto rounded-md border border-[var(--line)]">
      <TableFrame label="Score against cost" minWidth={680} verticalSpacing={5} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th>Network</Table.Th>
            <Table.Th>Learned</Table.Th>
            <Table.Th ta="right">{cost.title}</Table.Th>
            <Table.Th ta="right">{score}</Table.Th>
            <Table.Th>Best of its {cost.kind}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {points.map((point) => (
            <Table.Tr key={point.id}>
              <Table.Td>
                <TextLink href={`${base}/models/${point.id}`} size="sm">
                  {`${point.name} of run ${point.runNumber}`}
                </TextLink>
              </Table.Td>
              <Table.Td>{point.network}</Table.Td>
              <Table.Td>{teachers[point.learnedFrom].label}</Table.Td>
              <Table.Td ta="right">{cost.format(point.cost)}</Table.Td>
              <Table.Td ta="right">{formatShare(point.score)}</Table.Td>
              <Table.Td>{point.isOnFrontier ? 'yes' : ''}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </div>
  )
}
