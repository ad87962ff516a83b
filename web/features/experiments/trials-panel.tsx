import { Table, Text } from '@mantine/core'
import Link from 'next/link'
import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { PageExperiment } from './experiment-page.tsx'

type Trial = PageExperiment['trials'][number]

/** The run behind every trial: a row for each seed, a column for each arm. */
export function TrialsPanel({ experiment, base }: { experiment: PageExperiment; base: string }) {
  const { seeds, conditions, arms, trials } = experiment
  const columns = conditions.flatMap((condition) => arms.map(({ name }) => ({ condition, arm: name })))
  const found = (seed: number, condition: string, arm: string) =>
    trials.find((trial) => trial.seed === seed && trial.condition === condition && trial.arm === arm)
  return (
    <Panel title="Runs" note="Arms that are the same training share a run" flush>
      <TableFrame label="Runs by seed and arm" minWidth={140 + 150 * columns.length} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Seed</Table.Th>
            {columns.map(({ condition, arm }) => (
              <Table.Th key={`${condition} ${arm}`}>
                {conditions.length > 1 ? `${condition}: ${arm}` : arm}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {seeds.map((seed) => (
            <Table.Tr key={seed}>
              <Table.Th scope="row">{seed}</Table.Th>
              {columns.map(({ condition, arm }) => (
                <Table.Td key={`${condition} ${arm}`}>
                  <RunLink trial={found(seed, condition, arm)} base={base} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

function RunLink({ trial, base }: { trial: Trial | undefined; base: string }) {
  if (!trial) return <>–</>
  const { number, status } = trial.run
  return (
    <>
      <Link href={`${base}/runs/${number}`} prefetch={false} className="inline-block min-h-6">
        Run {number}
      </Link>
      <Text span size="xs" c="dimmed" ml={6}>
        {RUN_STATUS_WORDS[status].toLowerCase()}
      </Text>
    </>
  )
}
