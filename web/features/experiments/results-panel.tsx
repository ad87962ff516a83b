'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, Table } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCopy } from '@tabler/icons-react'
import { Disclosure } from '../../design/disclosure.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import {
  type ComparisonPartsFragment,
  type ExperimentPart,
  ExperimentReportDocument,
  type ExperimentReportFormat,
} from '../../graphql/generated/operations.ts'
import type { ComparedExperiment } from './verdicts-panel.tsx'

const PARTS: { part: ExperimentPart; title: string }[] = [
  { part: 'MAIN', title: 'Main results' },
  { part: 'STUDENTS', title: 'Per student' },
  { part: 'BESIDE', title: 'Beyond accuracy' },
]
const FORMATS: { format: ExperimentReportFormat; label: string }[] = [
  { format: 'MARKDOWN', label: 'Markdown' },
  { format: 'LATEX', label: 'LaTeX' },
  { format: 'CSV', label: 'CSV' },
]

/** Every figure, to read and, where it is known whose they are, to copy. */
export function ResultsPanel({ experiment }: { experiment: ComparedExperiment & { id?: string } }) {
  const { id, results } = experiment
  const { comparisons } = results
  if (comparisons.length === 0) return null
  return (
    <Panel title="Table" actions={id && <CopyButtons experimentId={id} />}>
      <div className="flex flex-col gap-4">
        {PARTS.map(({ part, title }) => {
          const rows = comparisons.filter(({ measure }) => measure.part === part)
          return (
            rows.length > 0 && (
              <Disclosure key={part} label={title} initiallyOpen={part === 'MAIN'}>
                <ComparisonsTable
                  rows={rows}
                  title={title}
                  hasConditions={experiment.conditions.length > 1}
                />
              </Disclosure>
            )
          )
        })}
      </div>
    </Panel>
  )
}

function CopyButtons({ experimentId }: { experimentId: string }) {
  const client = useApolloClient()
  const copy = async (format: ExperimentReportFormat, label: string) => {
    try {
      const { data } = await client.query({
        query: ExperimentReportDocument,
        variables: { id: experimentId, format },
        fetchPolicy: 'network-only',
      })
      const node = data?.node
      if (node?.__typename !== 'Experiment') throw new Error('The experiment is gone.')
      await navigator.clipboard.writeText(node.results.report)
      notifications.show({ message: `Copied as ${label}` })
    } catch (error) {
      notifications.show({ color: 'red', title: 'Not copied', message: (error as Error).message })
    }
  }
  return FORMATS.map(({ format, label }) => (
    <Button
      key={format}
      size="xs"
      variant="default"
      leftSection={<IconCopy size={14} aria-hidden />}
      onClick={() => void copy(format, label)}
      aria-label={`Copy as ${label}`}
    >
      {label}
    </Button>
  ))
}

function ComparisonsTable(props: {
  rows: readonly ComparisonPartsFragment[]
  title: string
  hasConditions: boolean
}) {
  return (
    <TableFrame label={props.title} minWidth={920} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          {props.hasConditions && <Table.Th>Condition</Table.Th>}
          <Table.Th>Measure</Table.Th>
          <Table.Th>Arm</Table.Th>
          <Table.Th ta="right">Mean ± deviation</Table.Th>
          <Table.Th ta="right">Paired difference</Table.Th>
          <Table.Th ta="right">Seeds better</Table.Th>
          <Table.Th ta="right">p: t-test; Holm</Table.Th>
          <Table.Th>Verdict</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.rows.map(({ condition, arm, control, measure, inWords, difference }) => (
          <Table.Tr key={`${condition} ${arm} ${measure.name}`}>
            {props.hasConditions && <Table.Td>{condition}</Table.Td>}
            <Table.Td className="min-w-44">
              {measure.unit === 'PERCENT' ? `${measure.name}, %` : measure.name}
            </Table.Td>
            <Table.Td>{arm}</Table.Td>
            <Table.Td ta="right">{inWords}</Table.Td>
            <Table.Td ta="right">{difference?.inWords}</Table.Td>
            <Table.Td ta="right">{difference?.seedsBetter}</Table.Td>
            <Table.Td ta="right" className="whitespace-nowrap">
              {difference?.pInWords}
            </Table.Td>
            <Table.Td className="min-w-64">
              {difference && `over “${control}”: ${difference.verdict.words}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
