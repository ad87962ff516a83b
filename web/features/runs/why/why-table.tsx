import { Table } from '@mantine/core'
import { formatMetric, formatShare } from '../../../design/format-numbers.ts'
import { TableFrame } from '../../../design/table-frame.tsx'
import type {
  ExplanationMeasureName,
  ExplanationPartsFragment,
} from '../../../graphql/generated/operations.ts'

type Measure = ExplanationPartsFragment['measures'][number]

interface Words {
  title: (level: number | null) => string
  format: (value: number) => string
}

const WORDS: Record<ExplanationMeasureName, Words> = {
  LOSS_RISE_PLAIN: {
    title: (level) => `Training loss rise, weight noise σ = ${level}`,
    format: formatMetric,
  },
  LOSS_RISE_FILTER: {
    title: (level) => `Training loss rise, noise of ${level} × each filter’s norm`,
    format: formatMetric,
  },
  POSTERIOR_ENTROPY: { title: () => 'Posterior entropy, nats', format: formatMetric },
  RUNNER_UP_MASS: { title: () => 'Posterior of the runner-up class', format: formatShare },
  WRONG_LABEL_MASS: { title: () => 'Posterior of wrong training labels', format: formatShare },
  TRUE_LABEL_MASS: { title: () => 'Posterior of the true labels behind them', format: formatShare },
  DISAGREEMENT: { title: () => 'Disagreement on test images', format: formatShare },
  ERROR_CORRELATION: { title: () => 'Error correlation on test images', format: formatMetric },
  DISAGREEMENT_AT_STEP: { title: (level) => `Disagreement after step ${level}`, format: formatShare },
}

export function WhyTable({ measures }: { measures: readonly Measure[] }) {
  return (
    <TableFrame label="Students beside their twins" minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Measure</Table.Th>
          <Table.Th>Student</Table.Th>
          <Table.Th ta="right">This run</Table.Th>
          <Table.Th ta="right">Twin, alone</Table.Th>
          <Table.Th>Difference</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {measures.map((measure) => {
          const { name, student, level, own, alone, words } = measure
          const { title, format } = WORDS[name]
          return (
            <Table.Tr key={`${name} ${student} ${level}`}>
              <Table.Td>{title(level)}</Table.Td>
              <Table.Td className="whitespace-nowrap">{student ?? 'all'}</Table.Td>
              <Table.Td ta="right" className="numbers">
                {format(own)}
              </Table.Td>
              <Table.Td ta="right" className="numbers">
                {format(alone)}
              </Table.Td>
              <Table.Td>{words}</Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </TableFrame>
  )
}
